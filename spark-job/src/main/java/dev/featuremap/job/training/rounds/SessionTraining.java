package dev.featuremap.job.training.rounds;

import dev.featuremap.format.ModelFile;
import dev.featuremap.format.TakenValues;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.spec.Visible;
import dev.featuremap.train.OuterState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Training inside a Spark application that somebody else has started: the rounds of the {@code
 * train} command, with no run directory, no checkpoints and no test images. What the command makes
 * of the same settings, images and ids, this makes too, bit for bit.
 */
public final class SessionTraining {
  private static final Logger LOGGER = System.getLogger(SessionTraining.class.getName());

  private final JobConfig config;
  private final StagePlans stages;
  private final JavaSparkContext spark;

  /** Training with these settings; what they say of data, output and checkpoints plays no part. */
  public SessionTraining(JobConfig config, JavaSparkContext spark) {
    this.config = config;
    this.stages = StagePlans.of(config);
    this.spark = spark;
  }

  /**
   * Trains to the last epoch. The executors' caches are as before when it returns or throws.
   *
   * @throws JobException as the command would end
   */
  public ModelFile train(ImageSource images) {
    InputChecks.nothingIsWatched(config.stages());
    TrainingInput input = TrainingInput.of(config, stages, spark, images);
    TrainingPlan plan = stages.first();
    input.checkFits();
    OuterState initial = plan.start(initialModel(), config.sync().outer());
    SparkWorkers workers =
        new SparkWorkers(spark, plan, config.sync().wire(), DriverMemory.of(spark.getConf()));
    try {
      TrainingData data = input.load(workers, Optional.empty());
      if (data.bad().count() > 0) {
        LOGGER.log(
            Level.WARNING,
            "{0} unusable records are left out:\n{1}",
            data.bad().count(),
            data.bad().lines());
      }
      TrainingProgress end = trainer(workers, data).train(TrainingProgress.start(initial));
      return ModelFile.of(
              plan.networkText(), data.labels(), stages.thatMade(end).model(end.state()))
          .noting(data.notes(config.data()));
    } finally {
      input.release();
    }
  }

  private Optional<float[]> initialModel() {
    Optional<TakenValues> taken =
        WarmStart.read(config, stages.first().network().whole(), spark.hadoopConfiguration());
    taken.ifPresent(
        values -> values.words().forEach(line -> LOGGER.log(Level.INFO, Visible.of(line))));
    return taken.map(TakenValues::values);
  }

  private DistributedTrainer trainer(SparkWorkers workers, TrainingData data) {
    return new DistributedTrainer(
        workers,
        stages,
        config.sync(),
        new EarlyStoppingRule(config.earlyStopping()),
        data,
        new Log(stages.epochs()),
        new Laps());
  }

  /** Says how epochs went, where the application's own log goes. */
  private record Log(int epochs) implements DistributedTrainer.Listener {
    @Override
    public void featuresPlanned(String line) {
      LOGGER.log(Level.INFO, line);
    }

    @Override
    public void classesWeighed(String line) {
      LOGGER.log(Level.INFO, Visible.of(line));
    }

    @Override
    public void epochDone(
        TrainingProgress progress, EpochEvaluation evaluation, String kernels, boolean last) {
      List<EpochMetrics> history = progress.history();
      EpochMetrics epoch = history.get(history.size() - 1);
      LOGGER.log(
          Level.INFO,
          String.format(
              Locale.ROOT,
              "epoch %d/%d  train loss %.4f  accuracy %.2f %%  %,.0f images/s  %s",
              epoch.epoch(),
              epochs,
              epoch.trainLoss(),
              100 * epoch.trainAccuracy(),
              epoch.trainImagesPerSecond(),
              kernels));
      DriftRule.warning(history).ifPresent(text -> LOGGER.log(Level.WARNING, text));
    }
  }
}
