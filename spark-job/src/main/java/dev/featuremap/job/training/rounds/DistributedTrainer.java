package dev.featuremap.job.training.rounds;

import dev.featuremap.job.config.SyncSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.ValidationMetrics;
import dev.featuremap.optimizer.Schedule;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.JoinedVector;
import dev.featuremap.train.OuterState;
import dev.featuremap.train.Round;
import dev.featuremap.train.RoundReduction;
import dev.featuremap.train.TrainingSpec;
import dev.featuremap.train.WorkerResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Training by parameter averaging: broadcast the state, let every worker train on its shard, join
 * what they return in worker order, and go on from there.
 */
public final class DistributedTrainer {

  /** Told of each round and each epoch; throws to end the run. */
  public interface Listener {
    /** A job of Spark is about to start from {@code progress}. */
    default void jobStarts(TrainingProgress progress, String kernels) {}

    /** A job of Spark did not end well, and the run is still where it was before. */
    default void jobFailed(TrainingProgress progress, String kernels) {}

    /**
     * A stage begins that could keep features in place of images; the line tells whether it does.
     */
    default void featuresPlanned(String line) {}

    /** A stage begins in which images count by their class; the line tells the weights. */
    default void classesWeighed(String line) {}

    /** A round begins, one of {@code rounds} in its epoch. */
    default void roundStarts(TrainingProgress progress, Round round, int rounds) {}

    /** A round is done that does not end its epoch. */
    default void roundDone(TrainingProgress progress, String kernels) {}

    /** All rounds are done; test images that were held out so far are looked at next. */
    default void testStarts(TrainingProgress progress, String kernels) {}

    /**
     * Which model test images judge that were held out so far: that of the best epoch.
     *
     * @param progress right after the last epoch
     * @return the progress right after the best, or the same if that is the last
     */
    default TrainingProgress best(TrainingProgress progress) {
      return progress;
    }

    /** Test images that were held out so far are loaded, but for those that are bad. */
    default void testLoaded(BadRecords bad) {}

    /** An epoch is done and evaluated; {@code last} when no other follows. */
    void epochDone(
        TrainingProgress progress, EpochEvaluation evaluation, String kernels, boolean last);
  }

  private final SparkWorkers workers;
  private final StagePlans stages;
  private final SyncSettings sync;
  private final EarlyStoppingRule earlyStopping;
  private final TrainingData data;
  private final StageImages images;
  private final Listener listener;
  private final Laps laps;
  private TrainingPlan weighed;
  private final TreeSet<String> kernels = new TreeSet<>();

  /**
   * A trainer.
   *
   * @param workers with the plan of any stage
   */
  public DistributedTrainer(
      SparkWorkers workers,
      StagePlans stages,
      SyncSettings sync,
      EarlyStoppingRule earlyStopping,
      TrainingData data,
      Listener listener,
      Laps laps) {
    this.workers = workers;
    this.stages = stages;
    this.sync = sync;
    this.earlyStopping = earlyStopping;
    this.data = data;
    this.images = new StageImages(workers.spark(), data);
    this.listener = listener;
    this.laps = laps;
  }

  /**
   * Trains from {@code start} to the last epoch, or to where early stopping ends the last stage;
   * what was spent after the last epoch is in the tally.
   *
   * @param start {@linkplain StagePlans#entered ready} for the next round
   */
  public TrainingProgress train(TrainingProgress start) {
    try {
      return trainEpochs(start);
    } finally {
      images.release();
    }
  }

  private TrainingProgress trainEpochs(TrainingProgress start) {
    TrainingProgress progress = start;
    while (!isComplete(progress)) {
      TrainingProgress trained = finishRounds(computeFeatures(progress));
      EpochEvaluation evaluation = evaluate(trained);
      trained = trained.afterSpending(EpochTimes.ofEvaluate(laps.lap()));
      progress = trained.afterEpoch(metrics(trained, evaluation.evaluation()));
      boolean last = isComplete(progress);
      if (last && evaluation.test().isEmpty() && images.evaluated().isPresent()) {
        evaluation = evaluation.with(test(trained, progress));
        trained = trained.afterSpending(EpochTimes.ofEvaluate(laps.lap()));
        progress = trained.afterEpoch(metrics(trained, evaluation.evaluation()));
      }
      progress = evaluation.test().map(progress::tested).orElse(progress);
      listener.epochDone(progress, evaluation, kernels(), last);
      if (!isComplete(progress)) {
        progress = stages.entered(progress, sync.outer());
      }
      progress = progress.afterSpending(EpochTimes.ofCheckpoint(laps.lap()));
    }
    return progress;
  }

  private <T> T run(TrainingProgress progress, Supplier<T> job) {
    listener.jobStarts(progress, kernels());
    try {
      return job.get();
    } catch (Throwable e) {
      // Not only unchecked ones: Spark's own exception is checked, and no signature declares it.
      try {
        listener.jobFailed(progress, kernels());
      } catch (JobException end) {
        end.addSuppressed(e);
        throw end;
      }
      throw e;
    }
  }

  /** True when no epoch is left to train. */
  boolean isComplete(TrainingProgress progress) {
    return progress.isBetweenEpochs()
        && (progress.epoch() >= stages.epochs() || stopsEarly(progress));
  }

  /** Early stopping looks at the last stage alone: the others are steps on the way to it. */
  private boolean stopsEarly(TrainingProgress progress) {
    int before = stages.epochsBeforeLast();
    return progress.epoch() > before
        && earlyStopping.stopsAfter(progress.history().subList(before, progress.epoch()));
  }

  /** The kernels that workers have reported, in order of name. */
  public String kernels() {
    return String.join(", ", kernels);
  }

  /** Adds what an earlier attempt at the run has reported. */
  public void addKernels(String reported) {
    kernels.addAll(List.of(reported.split(", ")));
  }

  /** Computes what the stage keeps in place of images, if it has just begun and keeps any. */
  private TrainingProgress computeFeatures(TrainingProgress start) {
    TrainingPlan stage = stages.at(start.epoch());
    if (stage != weighed) {
      weighed = stage;
      stage.classWeights().ifPresent(listener::classesWeighed);
    }
    Optional<String> said = images.enter(stage);
    said.ifPresent(listener::featuresPlanned);
    if (said.isEmpty() || !images.areFeatures()) {
      return start;
    }
    load(start, images.train(), "features of training images");
    TrainingProgress progress = start.afterSpending(EpochTimes.ofCompute(laps.lap()));
    if (images.evaluated().isPresent()) {
      String what = "features of %s images".formatted(data.evaluatedSet());
      load(progress, images.evaluated().get(), what);
      progress = progress.afterSpending(EpochTimes.ofEvaluate(laps.lap()));
    }
    return progress;
  }

  private void load(TrainingProgress progress, ShardedImages features, String what) {
    run(progress, () -> workers.load(features, describe(progress.epoch(), what)));
  }

  private TrainingProgress finishRounds(TrainingProgress start) {
    List<Round> rounds = rounds(start);
    TrainingProgress progress = start;
    for (Round round : rounds.subList(start.nextRound(), rounds.size())) {
      listener.roundStarts(progress, round, rounds.size());
      progress = runRound(progress, round);
      if (round.index() < rounds.size() - 1) {
        listener.roundDone(progress, kernels());
        progress = progress.afterSpending(EpochTimes.ofCheckpoint(laps.lap()));
      }
    }
    return progress;
  }

  private EpochEvaluation evaluate(TrainingProgress trained) {
    if (images.evaluated().isEmpty()) {
      return EpochEvaluation.of(Evaluation.none(stages.first().network().classes()));
    }
    ShardedImages set = images.evaluated().get();
    boolean isTest = data.heldOut().isEmpty();
    EpochEvaluation evaluation =
        isTest && trained.epoch() + 1 >= stages.epochs()
            ? EpochEvaluation.of(
                EpochEvaluation.Test.of(evaluateFully(trained, set), data.labels()))
            : EpochEvaluation.of(evaluate(trained, set));
    Divergence.checkLoss(evaluation.evaluation(), data.evaluatedSet(), trained.epoch());
    return evaluation;
  }

  private Evaluation evaluate(TrainingProgress trained, ShardedImages set) {
    String description = describe(trained.epoch(), "evaluate");
    return run(
        trained, () -> workersOf(trained.epoch()).evaluate(set, trained.state(), description));
  }

  private FullEvaluation evaluateFully(TrainingProgress trained, ShardedImages set) {
    String description = describe(trained.epoch(), "evaluate");
    return run(
        trained, () -> workersOf(trained.epoch()).evaluateFully(set, trained.state(), description));
  }

  /**
   * Looks at the test images when no epoch follows: all that is chosen has been chosen.
   *
   * @param trained when all rounds are done
   * @param ended after the epoch that has them
   */
  private EpochEvaluation.Test test(TrainingProgress trained, TrainingProgress ended) {
    if (data.heldOut().isEmpty()) {
      FullEvaluation full = evaluateFully(trained, images.evaluated().orElseThrow());
      Divergence.checkLoss(full.evaluation(), "test", trained.epoch());
      return EpochEvaluation.Test.of(full, data.labels());
    }
    listener.testStarts(trained, kernels());
    TrainingProgress best = listener.best(ended);
    int epoch = best.epoch() - 1;
    List<BadRecords> bad = new ArrayList<>();
    FullEvaluation full =
        run(
            trained,
            () ->
                data.heldOut()
                    .get()
                    .evaluate(
                        bad::add,
                        shards ->
                            workersOf(epoch)
                                .evaluateFully(shards, best.state(), describe(epoch, "test"))));
    listener.testLoaded(bad.get(0));
    Divergence.checkLoss(full.evaluation(), "test", epoch);
    return EpochEvaluation.Test.heldOut(full, data.labels(), best.epoch(), bad.get(0));
  }

  private SparkWorkers workersOf(int epoch) {
    return workers.at(stages.at(epoch));
  }

  /** The rounds of the epoch in progress; the schedule may look at those before. */
  private List<Round> rounds(TrainingProgress progress) {
    TrainingSpec training = stages.at(progress.epoch()).training();
    List<Schedule.Outcome> outcomes =
        progress.history().subList(training.firstEpoch(), progress.epoch()).stream()
            .map(epoch -> new Schedule.Outcome(epoch.testLoss(), epoch.testAccuracy()))
            .toList();
    return training.following(outcomes, rounds(progress.epoch()));
  }

  private List<Round> rounds(int epoch) {
    int batchSize = stages.first().training().batchSize();
    int stepsPerEpoch = Round.stepsPerEpoch(data.largestShard(), batchSize);
    return sync.rounds(epoch, stepsPerEpoch);
  }

  private TrainingProgress runRound(TrainingProgress progress, Round round) {
    String description = describe(round.epoch(), "round %s · train".formatted(round.index() + 1));
    RoundOutcome outcome =
        run(
            progress,
            () ->
                workersOf(round.epoch())
                    .run(images.train(), data.trainLoads(), progress.state(), round, description));
    List<WorkerResult> reports = outcome.reports();
    checkShards(reports, data.trainDigests());
    Divergence.checkLoss(reports, round);
    reports.forEach(report -> kernels.add(report.kernels()));
    JoinedVector joined = outcome.joined();
    long used = RoundReduction.images(reports);
    Laps reducing = new Laps();
    TrainingPlan plan = stages.at(round.epoch());
    OuterState next =
        plan.reduction(sync.outer())
            .nextState(progress.state(), progress.memory(), joined, used, round);
    Divergence.checkState(next.state(), plan.layout(), round);
    double reduce = outcome.joiningSeconds() + reducing.lap();
    EpochTimes times = RoundTimes.of(outcome.work(), reduce, laps.lap());
    return progress.afterRound(next, progress.tally().plus(reports, joined.drift(), times));
  }

  static void checkShards(List<WorkerResult> results, List<String> digests) {
    for (WorkerResult result : results) {
      String expected = digests.get(result.worker());
      if (!result.shardSha256().equals(expected)) {
        throw JobException.badData(
            "Cannot go on training: shard %s changed during the run, got digest %s, expected %s. Give the run data that nobody writes to."
                .formatted(result.worker(), result.shardSha256(), expected));
      }
    }
  }

  private EpochMetrics metrics(TrainingProgress progress, Evaluation evaluation) {
    List<Round> rounds = rounds(progress);
    Round last = rounds.get(rounds.size() - 1);
    TrainingSpec training = stages.at(progress.epoch()).training();
    EpochTally tally = progress.tally();
    double rate = training.rate(last, last.firstStep() + last.steps() - 1);
    EpochMetrics metrics =
        new EpochMetrics(
            progress.epoch() + 1,
            progress.rounds(),
            rate,
            tally.meanLoss(),
            tally.accuracy(),
            evaluation.loss(),
            evaluation.accuracy(),
            tally.drift(),
            tally.imagesPerSecond(),
            tally.times());
    return data.heldOut().isEmpty()
        ? metrics
        : metrics.validated(new ValidationMetrics(evaluation.loss(), evaluation.accuracy()));
  }

  private String describe(int epoch, String what) {
    return "epoch %s/%s · %s".formatted(epoch + 1, stages.epochs(), what);
  }
}
