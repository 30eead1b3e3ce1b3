package dev.featuremap.job.train;

import dev.featuremap.data.Sha256;
import dev.featuremap.job.checkpoint.CheckpointStore;
import dev.featuremap.job.checkpoint.CheckpointWriter;
import dev.featuremap.job.checkpoint.Recovery;
import dev.featuremap.job.checkpoint.Retention;
import dev.featuremap.job.config.CheckpointSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.report.RunConsole;
import dev.featuremap.job.run.EpochMetrics;
import dev.featuremap.job.run.EpochTimes;
import dev.featuremap.job.run.RunResult;
import dev.featuremap.job.run.RunStatus;
import dev.featuremap.job.run.RunTimes;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.LocalTrainer;
import dev.featuremap.train.OuterState;
import dev.featuremap.train.Round;
import dev.featuremap.train.RoundReduction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
  private final Laps laps;
  private final RunPlan plan;
  private Optional<CheckpointWriter> writer = Optional.empty();
  private Optional<RunStatus> status = Optional.empty();
  private Optional<RunReport> report = Optional.empty();
  private List<EpochMetrics> history = List.of();

  TrainingRun(
      JobConfig config, JavaSparkContext spark, RunFiles files, RunConsole console, Laps laps) {
    this.config = config;
    this.spark = spark;
    this.files = files;
    this.console = console;
    this.laps = laps;
    this.plan = RunPlan.of(config);
  }

  RunResult execute() {
    CheckpointStore store = new CheckpointStore(files.storage(), files.directory().root());
    Optional<Recovery> newest = files.isStarted() ? store.newest() : Optional.empty();
    if (newest.isPresent() && RunState.fromJson(newest.get().checkpoint().state()).complete()) {
      files.claim();
      return finish(stored(store, newest.get()));
    }
    TrainingInput input = TrainingInput.open(config, plan, spark);
    input.checkFits(spark.getConf());
    files.claim();
    // Before the take-over, so that a driver that cannot go on leaves the run to one that can.
    newest.ifPresent(recovery -> stored(store, recovery).state());
    return train(store, input);
  }

  private RunResult train(CheckpointStore store, TrainingInput input) {
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
    data.encoded().ifPresent(images -> console.note(images.toString()));
    if (data.bad().count() > 0) {
      console.warn(
          "%,d unusable records are left out:%n%s"
              .formatted(data.bad().count(), data.bad().lines()));
    }
    TrainingProgress progress =
        resumed
            .map(StoredCheckpoint::progress)
            .orElseGet(() -> TrainingProgress.start(initialState()));
    EpochTimes estimate = estimate(workers, reduction, data, progress);
    Preparation preparation =
        new Preparation(start + laps.lap(), load, estimate)
            .after(earlier.map(RunState::preparation).orElse(Preparation.NONE));
    CheckpointFiles checkpoints =
        new CheckpointFiles(store, taken, plan, config, identity, data, preparation);
    report = Optional.of(new RunReport(files, config, plan, identity, preparation, workers, data));
    history = progress.history();
    DistributedTrainer trainer = trainer(workers, reduction, data, checkpoints, earlier);
    return finish(trainer.train(progress), trainer.kernels(), checkpoints.newest());
  }

  /** Tells how long the run will take and what would be faster, if that is worth knowing. */
  private EpochTimes estimate(
      SparkWorkers workers, RoundReduction reduction, TrainingData data, TrainingProgress start) {
    // All executors that have come by now: loading has kept them busy.
    int cores = Math.max(1, spark.defaultParallelism() / cpusOfTask());
    Optional<RunEstimate> estimate =
        new RunProbe(workers, plan, reduction, config.sync(), data, start, cores).estimate();
    estimate.ifPresent(
        run -> {
          int epochs = plan.training().epochs() - start.epoch();
          int switchEpochs = Math.max(0, config.sync().switchEpoch() - start.epoch());
          console.estimated(Advice.summary(run, epochs, switchEpochs));
          Advice.of(run).forEach(console::advise);
        });
    return estimate.map(RunEstimate::epoch).orElse(EpochTimes.UNKNOWN);
  }

  private int cpusOfTask() {
    return spark.getConf().getInt("spark.task.cpus", 1);
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

  private OuterState initialState() {
    return new OuterState(
        LocalTrainer.initialState(plan.network(), plan.training()),
        config.sync().outer().emptyMemory(plan.network().parameters()));
  }

  /** Leaves a note of the failure in {@code status.json}, if this driver had got so far. */
  void recordFailure(ExitCode code, String reason) {
    if (status.isPresent() && code != ExitCode.RUN_HELD) {
      try {
        writer.ifPresent(CheckpointWriter::requireHeld);
        files.status(status.get().failed(code, reason, now()));
        report.ifPresent(page -> page.failed(history, reason));
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
    console.started(config, files.directory().root(), cores());
    earlier.ifPresent(state -> console.resumes(state.epoch(), state.nextRound()));
  }

  /** Known in this process alone: on a cluster, executors register when they like. */
  private OptionalInt cores() {
    return spark.isLocal() ? OptionalInt.of(spark.defaultParallelism()) : OptionalInt.empty();
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
            new Recorder(checkpoints),
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
    files.metrics(history);
    files.result(result);
    files.status(status.orElseThrow().atEpoch(end.epoch(), now()).finished(now()));
    files.success(checkpoint.marker());
    console.finished(result, files.directory().root());
    return result;
  }

  private static RunTimes times(TrainingProgress end, Preparation preparation) {
    EpochTimes epochs =
        end.history().stream()
            .map(EpochMetrics::times)
            .reduce(end.tally().times(), EpochTimes::plus);
    return new RunTimes(preparation.start(), preparation.load(), epochs);
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
    public void epochDone(
        TrainingProgress progress, Evaluation evaluation, String kernels, boolean last) {
      boolean due = config.checkpoint().isDueAfterEpoch(progress.rounds());
      if (due || last || progress.isBest()) {
        checkpoints.publish(progress, kernels, last);
      } else {
        checkpoints.requireHeld();
      }
      history = progress.history();
      files.metrics(history);
      status = status.map(running -> running.atEpoch(progress.epoch(), now()));
      files.status(status.orElseThrow());
      report.orElseThrow().epochDone(progress, evaluation, kernels, last);
      console.epochDone(history);
      DriftRule.warning(history).ifPresent(console::warn);
      if (last && progress.epoch() < plan.training().epochs()) {
        console.stopsEarly(progress.epoch(), config.earlyStopping().patience());
      }
    }
  }
}
