package dev.featuremap.job.training.run;

import dev.featuremap.data.Sha256;
import dev.featuremap.format.TakenValues;
import dev.featuremap.job.cluster.ClusterFaults;
import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.config.CheckpointSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.record.RunTimes;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.CheckpointWriter;
import dev.featuremap.job.training.checkpoint.Recovery;
import dev.featuremap.job.training.checkpoint.Retention;
import dev.featuremap.job.training.estimate.Advice;
import dev.featuremap.job.training.estimate.RunEstimate;
import dev.featuremap.job.training.estimate.RunProbe;
import dev.featuremap.job.training.rounds.DistributedTrainer;
import dev.featuremap.job.training.rounds.DriverMemory;
import dev.featuremap.job.training.rounds.EarlyStoppingRule;
import dev.featuremap.job.training.rounds.Laps;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.training.rounds.SetupTimes;
import dev.featuremap.job.training.rounds.SparkWorkers;
import dev.featuremap.job.training.rounds.StagePlans;
import dev.featuremap.job.training.rounds.TrainingData;
import dev.featuremap.job.training.rounds.TrainingInput;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.job.training.rounds.WarmStart;
import dev.featuremap.job.watch.RunListeners;
import dev.featuremap.job.watch.RunStart;
import dev.featuremap.kernel.KernelLookup;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One attempt at a run, stage by stage: check → claim the directory → take over → load → resume →
 * train → finish. A run whose newest checkpoint is complete is finished from that alone, unless it
 * shall have more epochs now.
 */
final class TrainingRun {
  private final JobConfig config;
  private final JobContext context;
  private final JavaSparkContext spark;
  private final RunFiles files;
  private final RunListeners listeners;
  private final Laps laps;
  private final RunStop stop;
  private final StagePlans stages;
  private final TrainingPlan plan;
  private final RunViews views;
  private final CheckpointStore store;
  private final SparkWorkers workers;
  private final boolean isNew;
  private volatile Optional<CheckpointWriter> writer = Optional.empty();

  TrainingRun(
      JobConfig config,
      JobContext context,
      RunFiles files,
      RunListeners listeners,
      Laps laps,
      RunStop stop) {
    this.config = config;
    this.context = context;
    this.spark = context.spark();
    this.files = files;
    this.listeners = listeners;
    this.laps = laps;
    this.stop = stop;
    this.stages = StagePlans.of(config);
    this.plan = stages.first();
    this.views = new RunViews(files, listeners);
    this.store = new CheckpointStore(files.storage(), files.directory().root());
    this.workers =
        new SparkWorkers(spark, plan, config.sync().wire(), DriverMemory.of(spark.getConf()));
    this.isNew = !files.isStarted();
  }

  /** What this driver holds of a run once it has taken it over. */
  private record Held(
      CheckpointWriter writer, Optional<StoredCheckpoint> newest, Attempt attempt) {}

  /** A run that is trained, and the checkpoint that says so. */
  private record Trained(TrainingProgress end, StoredCheckpoint checkpoint) {}

  RunResult execute() {
    try (ClusterFaults faults = ClusterFaults.of(spark)) {
      return execute(faults);
    }
  }

  private RunResult execute(ClusterFaults faults) {
    Optional<StoredCheckpoint> newest = isNew ? Optional.empty() : store.newest().map(this::stored);
    if (newest.filter(StoredCheckpoint::wasComplete).isPresent()) {
      files.claim();
      if (newest.get().isComplete()) {
        return finish(announced(newest.get(), faults));
      }
    }
    TrainingInput input = check(newest);
    try {
      return execute(newest, input, faults);
    } finally {
      if (context.isShared() && !spark.sc().isStopped()) {
        input.release();
      }
    }
  }

  private RunResult execute(
      Optional<StoredCheckpoint> newest, TrainingInput input, ClusterFaults faults) {
    Optional<TakenValues> initial = newest.isPresent() ? Optional.empty() : initialModel();
    claim(newest);
    Held held = takeOver(faults);
    initial.ifPresent(values -> listeners.initialized(values.words()));
    listeners.found(input.describe());
    double start = laps.lap();
    TrainingData data = load(input, held);
    double load = laps.lap();
    TrainingProgress progress = resume(held, initial);
    EpochTimes estimate = estimate(data, progress);
    Attempt attempt = held.attempt().prepared(new SetupTimes(start + laps.lap(), load, estimate));
    return finish(train(held, attempt, input, data, progress));
  }

  /** Finds the images, and checks that they fit the network, the workers and the cluster. */
  private TrainingInput check(Optional<StoredCheckpoint> newest) {
    if (spark.isLocal()) {
      // What this JVM lacks for fast kernels is said before anything is waited for.
      KernelLookup.kernels();
    }
    TrainingInput input =
        TrainingInput.open(config, stages, spark, newest.map(StoredCheckpoint::state));
    input.checkFits();
    return input;
  }

  /** Makes sure that the directory and its newest checkpoint are of these settings. */
  private void claim(Optional<StoredCheckpoint> newest) {
    files.claim();
    // Before the take-over, so that a driver that cannot go on leaves the run to one that can.
    newest.ifPresent(StoredCheckpoint::state);
  }

  /** From here on no other driver can publish; whoever watches hears of the attempt. */
  private Held takeOver(ClusterFaults faults) {
    CheckpointSettings kept = config.checkpoint();
    CheckpointWriter taken = store.takeOver(new Retention(kept.keepLast(), kept.keepEvery()));
    writer = Optional.of(taken);
    // The directory may have become another run's since it was claimed.
    JobConfig settings = files.claim();
    Optional<StoredCheckpoint> newest = taken.recovery().map(this::stored);
    Optional<RunState> earlier = newest.map(StoredCheckpoint::state);
    files.goOnFrom(settings, earlier.map(RunState::epoch).orElse(0));
    Attempt attempt = Attempt.after(earlier, faults);
    announce(attempt, earlier);
    return new Held(taken, newest, attempt);
  }

  private TrainingData load(TrainingInput input, Held held) {
    TrainingData data = input.load(workers, held.newest().map(StoredCheckpoint::state));
    listeners.loaded(data.forListeners());
    return data;
  }

  /** Goes on from the newest checkpoint, or begins. */
  private TrainingProgress resume(Held held, Optional<TakenValues> initial) {
    return held.newest()
        .map(StoredCheckpoint::progress)
        .map(progress -> stages.entered(progress, config.sync().outer()))
        .orElseGet(
            () ->
                TrainingProgress.start(
                    plan.start(
                        initial.or(this::initialModel).map(TakenValues::values),
                        config.sync().outer())));
  }

  private Trained train(
      Held held, Attempt attempt, TrainingInput input, TrainingData data, TrainingProgress start) {
    CheckpointFiles checkpoints =
        new CheckpointFiles(store, held.writer(), stages, files, attempt, data);
    // The line of an epoch tells that its page is written.
    listeners.addFirst(
        new RunReport(
            files, config, stages, attempt, workers, data, input.describe(), start.history()));
    DistributedTrainer trainer =
        new DistributedTrainer(
            workers,
            stages,
            config.sync(),
            new EarlyStoppingRule(config.earlyStopping()),
            data,
            new CheckpointListener(config, checkpoints, stages, views, listeners, stop),
            laps);
    held.newest().ifPresent(from -> trainer.addKernels(from.state().kernels()));
    return new Trained(trainer.train(start), checkpoints.newest());
  }

  /** Writes the result, unless somebody has deleted the run meanwhile. */
  private RunResult finish(Trained trained) {
    writer.ifPresent(CheckpointWriter::requireHeld);
    TrainingProgress end = trained.end();
    RunState state = trained.checkpoint().state();
    List<EpochMetrics> history = end.history();
    float[] model = stages.thatMade(end).model(end.state());
    EpochMetrics last = history.get(history.size() - 1);
    EpochTimes epochs =
        history.stream().map(EpochMetrics::times).reduce(end.tally().times(), EpochTimes::plus);
    RunResult result =
        new RunResult(
            config.runId(),
            RunStatus.State.FINISHED,
            end.epoch(),
            last.validation(),
            last.testAccuracy(),
            last.testLoss(),
            state.metrics(),
            EpochMetrics.meanImagesPerSecond(history),
            plan.network().whole().parameters(),
            Sha256.ofFloats(model, model.length),
            state.kernels(),
            plan.training().workers(),
            state.badRecords(),
            new RunTimes(state.preparation().start(), state.preparation().load(), epochs),
            state.preparation().estimate(),
            trained.checkpoint().location());
    views.finished(result, history, trained.checkpoint().marker());
    return result;
  }

  /** A run that earlier attempts have trained, after those who watch have heard of this one. */
  private Trained announced(StoredCheckpoint complete, ClusterFaults faults) {
    Optional<RunState> state = Optional.of(complete.state());
    announce(Attempt.after(state, faults), state);
    return new Trained(complete.progress(), complete);
  }

  private void announce(Attempt attempt, Optional<RunState> earlier) {
    List<EpochMetrics> history = earlier.map(RunState::history).orElse(List.of());
    RunStatus running =
        RunStatus.running(
            config.runId(),
            history.size(),
            attempt.number(),
            spark.sc().applicationId(),
            attempt.started(),
            RunViews.now());
    views.started(
        new RunStart(
            config,
            files.directory().root(),
            running,
            isNew,
            spark.isLocal() ? OptionalInt.of(places()) : OptionalInt.empty(),
            history,
            earlier.map(RunState::nextRound).orElse(0)));
  }

  /** Tells how long the run will take and what would be faster, if that is worth knowing. */
  private EpochTimes estimate(TrainingData data, TrainingProgress start) {
    // All executors that have come by now: loading has kept them busy.
    TrainingPlan stage = stages.at(start.epoch());
    if (workers.at(stage).keepsFeatures(data)) {
      return EpochTimes.UNKNOWN; // To measure its steps would be to compute the features.
    }
    Optional<RunEstimate> estimate =
        new RunProbe(workers.at(stage), config.sync(), data, start, places()).estimate();
    int epochs = stage.training().endEpoch() - start.epoch();
    int switchEpochs = Math.max(0, config.sync().switchEpoch() - start.epoch());
    estimate.ifPresent(
        run -> listeners.estimated(Advice.summary(run, epochs, switchEpochs), Advice.of(run)));
    return estimate.map(RunEstimate::epoch).orElse(EpochTimes.UNKNOWN);
  }

  /** How many workers can be at work at once on the executors that have come by now. */
  private int places() {
    return Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
  }

  private Optional<TakenValues> initialModel() {
    return WarmStart.read(config, plan.network().whole(), spark.hadoopConfiguration());
  }

  private StoredCheckpoint stored(Recovery recovery) {
    return new StoredCheckpoint(store, stages, files, recovery.checkpoint());
  }

  /** Says in the run's status that this driver works on it, if it does; for any thread. */
  void alive() {
    writer.ifPresent(held -> views.alive(held::isHeld));
  }

  /** Tells everyone that this driver gives up, if it had got so far and still holds the run. */
  void recordFailure(ExitCode code, String reason) {
    if (views.isStarted() && code != ExitCode.RUN_HELD) {
      try {
        writer.ifPresent(CheckpointWriter::requireHeld);
        views.failed(code, reason);
      } catch (RuntimeException e) {
        // The failure being recorded is the one to report; a broken store often is its cause, and
        // where the run is gone, both are the same.
        if (!reason.equals(e.getMessage())) {
          listeners.warn(
              "Cannot write %s: %s".formatted(files.directory().status(), e.getMessage()));
        }
      }
    }
  }
}
