package dev.featuremap.job.training.run;

import dev.featuremap.data.Sha256;
import dev.featuremap.job.cluster.ClusterFaults;
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
import dev.featuremap.job.training.rounds.DriverRoom;
import dev.featuremap.job.training.rounds.EarlyStoppingRule;
import dev.featuremap.job.training.rounds.Laps;
import dev.featuremap.job.training.rounds.Preparation;
import dev.featuremap.job.training.rounds.RunPlan;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.training.rounds.SparkWorkers;
import dev.featuremap.job.training.rounds.TrainingData;
import dev.featuremap.job.training.rounds.TrainingInput;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.job.training.rounds.WarmStart;
import dev.featuremap.job.watch.RunListeners;
import dev.featuremap.job.watch.RunStart;
import dev.featuremap.job.watch.console.RunConsole;
import dev.featuremap.train.RoundReduction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One attempt at a run, stage by stage: check → claim the directory → take over → load → resume →
 * train → finish. A run whose newest checkpoint is complete is finished from that alone.
 */
final class TrainingRun {
  private final JobConfig config;
  private final JavaSparkContext spark;
  private final RunFiles files;
  private final RunConsole console;
  private final RunListeners listeners;
  private final Laps laps;
  private final RunStop stop;
  private final RunPlan plan;
  private final RunViews views;
  private final boolean isNew;
  private Optional<CheckpointWriter> writer = Optional.empty();

  TrainingRun(
      JobConfig config,
      JavaSparkContext spark,
      RunFiles files,
      RunConsole console,
      RunListeners listeners,
      Laps laps,
      RunStop stop) {
    this.config = config;
    this.spark = spark;
    this.files = files;
    this.console = console;
    this.listeners = listeners;
    this.laps = laps;
    this.stop = stop;
    this.plan = RunPlan.of(config);
    this.views = new RunViews(files, listeners);
    this.isNew = !files.isStarted();
  }

  RunResult execute() {
    CheckpointStore store = new CheckpointStore(files.storage(), files.directory().root());
    Optional<Recovery> newest = isNew ? Optional.empty() : store.newest();
    if (newest.isPresent() && RunState.fromJson(newest.get().checkpoint().state()).complete()) {
      files.claim();
      return finish(stored(store, newest.get()));
    }
    ClusterFaults faults = ClusterFaults.of(spark);
    TrainingInput input = TrainingInput.open(config, plan, spark);
    input.checkFits();
    Optional<float[]> warm = newest.isPresent() ? Optional.empty() : warmStart();
    files.claim();
    // Before the take-over, so that a driver that cannot go on leaves the run to one that can.
    newest.ifPresent(recovery -> stored(store, recovery).state());
    return train(store, input, warm, faults);
  }

  private Optional<float[]> warmStart() {
    return WarmStart.read(config, plan.network(), spark.hadoopConfiguration());
  }

  private RunResult train(
      CheckpointStore store, TrainingInput input, Optional<float[]> warm, ClusterFaults faults) {
    CheckpointSettings settings = config.checkpoint();
    CheckpointWriter taken =
        store.takeOver(new Retention(settings.keepLast(), settings.keepEvery()));
    writer = Optional.of(taken);
    Optional<StoredCheckpoint> resumed = taken.recovery().map(found -> stored(store, found));
    Optional<RunState> earlier = resumed.map(StoredCheckpoint::state);
    RunIdentity identity = identify(earlier);
    announce(identity, earlier);
    RoundReduction reduction =
        new RoundReduction(plan.training(), plan.layout(), config.sync().outer());
    SparkWorkers workers =
        new SparkWorkers(spark, plan, config.sync().wire(), DriverRoom.of(spark.getConf()));
    double start = laps.lap();
    TrainingData data = input.load(workers, earlier);
    double load = laps.lap();
    listeners.loaded(data.trainImages(), data.testImages(), data.bad().count());
    data.encoded().ifPresent(images -> console.note(images.toString()));
    if (data.bad().count() > 0) {
      console.warn(
          "%,d unusable records are left out:%n%s"
              .formatted(data.bad().count(), data.bad().lines()));
    }
    TrainingProgress progress =
        resumed
            .map(StoredCheckpoint::progress)
            .orElseGet(
                () ->
                    TrainingProgress.start(
                        plan.start(warm.or(this::warmStart), config.sync().outer())));
    EpochTimes estimate = estimate(workers, reduction, data, progress);
    Preparation preparation =
        new Preparation(start + laps.lap(), load, estimate)
            .after(earlier.map(RunState::preparation).orElse(Preparation.NONE));
    CheckpointFiles checkpoints =
        new CheckpointFiles(store, taken, plan, config, identity, data, preparation);
    // The line of an epoch tells that its page is written.
    listeners.addFirst(
        new RunReport(
            files,
            config,
            plan,
            new Attempt(identity, preparation, faults),
            workers,
            data,
            progress.history()));
    DistributedTrainer trainer = trainer(workers, reduction, data, checkpoints, earlier);
    return finish(trainer.train(progress), trainer.kernels(), checkpoints.newest());
  }

  /** Tells how long the run will take and what would be faster, if that is worth knowing. */
  private EpochTimes estimate(
      SparkWorkers workers, RoundReduction reduction, TrainingData data, TrainingProgress start) {
    // All executors that have come by now: loading has kept them busy.
    Optional<RunEstimate> estimate =
        new RunProbe(workers, plan, reduction, config.sync(), data, start, places()).estimate();
    estimate.ifPresent(
        run -> {
          int epochs = plan.training().epochs() - start.epoch();
          int switchEpochs = Math.max(0, config.sync().switchEpoch() - start.epoch());
          console.estimated(Advice.summary(run, epochs, switchEpochs));
          Advice.of(run).forEach(console::advise);
        });
    return estimate.map(RunEstimate::epoch).orElse(EpochTimes.UNKNOWN);
  }

  /** How many workers can be at work at once on the executors that have come by now. */
  private int places() {
    return Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
  }

  /** Finishes a run that is trained; nobody publishes to it again, so it need not be held. */
  private RunResult finish(StoredCheckpoint complete) {
    RunState state = complete.state();
    announce(identify(Optional.of(state)), Optional.of(state));
    return finish(complete.progress(), state.kernels(), complete);
  }

  private StoredCheckpoint stored(CheckpointStore store, Recovery recovery) {
    return new StoredCheckpoint(store, plan, config, recovery.checkpoint());
  }

  /** Tells everyone that this driver gives up, if it had got so far and still holds the run. */
  void recordFailure(ExitCode code, String reason) {
    if (views.isStarted() && code != ExitCode.RUN_HELD) {
      try {
        writer.ifPresent(CheckpointWriter::requireHeld);
        views.failed(code, reason);
      } catch (RuntimeException e) {
        // The failure being recorded is the one to report; a broken store often is its cause.
        console.warn("Cannot write %s: %s".formatted(files.directory().status(), e.getMessage()));
      }
    }
  }

  private RunIdentity identify(Optional<RunState> earlier) {
    return new RunIdentity(
        config.fingerprint(),
        earlier.map(RunState::started).orElseGet(RunViews::now),
        earlier.map(RunState::attempts).orElse(0) + 1);
  }

  private void announce(RunIdentity identity, Optional<RunState> earlier) {
    List<EpochMetrics> history = earlier.map(RunState::history).orElse(List.of());
    RunStatus running =
        RunStatus.running(
            config.runId(),
            history.size(),
            identity.attempt(),
            spark.sc().applicationId(),
            identity.started(),
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

  private DistributedTrainer trainer(
      SparkWorkers workers,
      RoundReduction reduction,
      TrainingData data,
      CheckpointFiles checkpoints,
      Optional<RunState> earlier) {
    DistributedTrainer trainer =
        new DistributedTrainer(
            workers,
            plan,
            reduction,
            config.sync(),
            new EarlyStoppingRule(config.earlyStopping()),
            data,
            new Recorder(config, checkpoints, plan, views, listeners, console, stop),
            laps);
    earlier.ifPresent(state -> trainer.addKernels(state.kernels()));
    return trainer;
  }

  private RunResult finish(TrainingProgress end, String kernels, StoredCheckpoint checkpoint) {
    List<EpochMetrics> history = end.history();
    float[] model = plan.model(end.state());
    EpochMetrics last = history.get(history.size() - 1);
    Preparation preparation = checkpoint.state().preparation();
    RunResult result =
        new RunResult(
            config.runId(),
            RunStatus.State.FINISHED,
            end.epoch(),
            last.testAccuracy(),
            last.testLoss(),
            EpochMetrics.meanImagesPerSecond(history),
            plan.network().parameters(),
            Sha256.ofFloats(model, model.length),
            kernels,
            plan.training().workers(),
            checkpoint.state().badRecords(),
            times(end, preparation),
            preparation.estimate(),
            checkpoint.location());
    views.finished(result, history, checkpoint.marker());
    return result;
  }

  private static RunTimes times(TrainingProgress end, Preparation preparation) {
    EpochTimes epochs =
        end.history().stream()
            .map(EpochMetrics::times)
            .reduce(end.tally().times(), EpochTimes::plus);
    return new RunTimes(preparation.start(), preparation.load(), epochs);
  }
}
