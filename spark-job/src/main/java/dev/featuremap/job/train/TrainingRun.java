package dev.featuremap.job.train;

import dev.featuremap.data.Sha256;
import dev.featuremap.job.checkpoint.CheckpointStore;
import dev.featuremap.job.checkpoint.CheckpointWriter;
import dev.featuremap.job.checkpoint.Retention;
import dev.featuremap.job.config.CheckpointSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.SyncSettings.OptimizerState;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.report.RunConsole;
import dev.featuremap.job.run.EpochMetrics;
import dev.featuremap.job.run.RunResult;
import dev.featuremap.job.run.RunStatus;
import dev.featuremap.train.LocalTrainer;
import dev.featuremap.train.Round;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One attempt at a run, stage by stage: check → claim the directory → take over → load → resume →
 * train → finish.
 */
final class TrainingRun {
  private final JobConfig config;
  private final JavaSparkContext spark;
  private final RunFiles files;
  private final RunConsole console;
  private final RunPlan plan;
  private Optional<RunStatus> status = Optional.empty();

  TrainingRun(JobConfig config, JavaSparkContext spark, RunFiles files, RunConsole console) {
    this.config = config;
    this.spark = spark;
    this.files = files;
    this.console = console;
    this.plan = RunPlan.of(config);
  }

  RunResult execute() {
    TrainingInput input = TrainingInput.open(config, plan, spark.hadoopConfiguration());
    input.checkFits(spark.getConf());
    files.claim();
    CheckpointStore store = new CheckpointStore(files.storage(), files.directory().root());
    CheckpointSettings settings = config.checkpoint();
    CheckpointWriter writer =
        store.takeOver(new Retention(settings.keepLast(), settings.keepEvery()));
    Optional<RunState> earlier =
        writer.recovery().map(recovery -> RunState.fromJson(recovery.checkpoint().state()));
    RunIdentity identity = identify(earlier);
    announce(identity, earlier);
    SparkWorkers workers = new SparkWorkers(spark, plan);
    TrainingData data = input.load(spark, workers, earlier);
    CheckpointFiles checkpoints = new CheckpointFiles(store, writer, plan, config, identity, data);
    TrainingProgress start =
        checkpoints.resume().orElseGet(() -> TrainingProgress.start(initialState()));
    DistributedTrainer trainer = trainer(workers, data, checkpoints, earlier);
    return finish(trainer.train(start), trainer.kernels(), checkpoints);
  }

  private float[] initialState() {
    return LocalTrainer.initialState(plan.network(), plan.training());
  }

  /** Leaves a note of the failure in {@code status.json}, if this driver had got so far. */
  void recordFailure(ExitCode code, String reason) {
    if (status.isPresent() && code != ExitCode.RUN_HELD) {
      try {
        files.status(status.get().failed(code, reason, now()));
      } catch (RuntimeException e) {
        // The failure being recorded is the one to report; a broken store often is its cause.
        console.warn("Cannot write %s: %s".formatted(files.directory().status(), e.getMessage()));
      }
    }
  }

  private RunIdentity identify(Optional<RunState> earlier) {
    return new RunIdentity(
        config.fingerprint(),
        earlier.map(RunState::started).orElseGet(TrainingRun::now),
        earlier.map(RunState::attempts).orElse(0) + 1);
  }

  private void announce(RunIdentity identity, Optional<RunState> earlier) {
    int epoch = earlier.map(RunState::epoch).orElse(0);
    RunStatus running =
        RunStatus.running(
            config.runId(),
            epoch,
            identity.attempt(),
            spark.sc().applicationId(),
            identity.started(),
            now());
    status = Optional.of(running);
    files.status(running);
    console.started(config, files.directory().root(), spark.defaultParallelism());
    earlier.ifPresent(state -> console.resumes(state.epoch(), state.nextRound()));
  }

  private DistributedTrainer trainer(
      SparkWorkers workers,
      TrainingData data,
      CheckpointFiles checkpoints,
      Optional<RunState> earlier) {
    boolean resets = config.sync().optimizerState() == OptimizerState.RESET;
    DistributedTrainer trainer =
        new DistributedTrainer(
            workers,
            plan,
            config.sync().every(),
            resets,
            new EarlyStoppingRule(config.earlyStopping()),
            data,
            new Recorder(checkpoints));
    earlier.ifPresent(state -> trainer.addKernels(state.kernels()));
    return trainer;
  }

  private RunResult finish(TrainingProgress end, String kernels, CheckpointFiles checkpoints) {
    List<EpochMetrics> history = end.history();
    EpochMetrics last = history.get(history.size() - 1);
    RunResult result =
        new RunResult(
            config.runId(),
            RunStatus.State.FINISHED,
            end.epoch(),
            last.testAccuracy(),
            last.testLoss(),
            EpochMetrics.meanImagesPerSecond(history),
            history.stream().mapToDouble(EpochMetrics::seconds).sum(),
            plan.network().parameters(),
            Sha256.ofFloats(end.state(), plan.network().parameters()),
            kernels,
            plan.training().workers(),
            checkpoints.location());
    files.metrics(history);
    files.result(result);
    files.status(status.orElseThrow().atEpoch(end.epoch(), now()).finished(now()));
    files.success(checkpoints.marker());
    console.finished(result, files.directory().root());
    return result;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Publishes checkpoints when they are due and keeps the views of the run up to date. */
  private final class Recorder implements DistributedTrainer.Listener {
    private final CheckpointFiles checkpoints;

    Recorder(CheckpointFiles checkpoints) {
      this.checkpoints = checkpoints;
    }

    @Override
    public void roundStarts(TrainingProgress progress, Round round, int rounds) {
      console.roundStarts(progress.history(), round.epoch(), round.index(), rounds);
    }

    @Override
    public void roundDone(TrainingProgress progress, String kernels) {
      if (config.checkpoint().isDueAfterRound(progress.rounds())) {
        checkpoints.publish(progress, kernels, false);
      }
    }

    @Override
    public void epochDone(TrainingProgress progress, String kernels, boolean last) {
      if (last || config.checkpoint().isDueAfterEpoch(progress.rounds())) {
        checkpoints.publish(progress, kernels, last);
      }
      files.metrics(progress.history());
      status = status.map(running -> running.atEpoch(progress.epoch(), now()));
      files.status(status.orElseThrow());
      console.epochDone(progress.history());
      if (last && progress.epoch() < plan.training().epochs()) {
        console.stopsEarly(progress.epoch(), config.earlyStopping().patience());
      }
    }
  }
}
