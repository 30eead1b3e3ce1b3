package dev.featuremap.job.training.estimate;

import dev.featuremap.job.config.SyncSettings;
import dev.featuremap.job.training.rounds.Laps;
import dev.featuremap.job.training.rounds.RoundOutcome;
import dev.featuremap.job.training.rounds.SparkWorkers;
import dev.featuremap.job.training.rounds.TrainingData;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.train.Round;
import dev.featuremap.train.RoundReduction;
import dev.featuremap.train.WorkTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Measures what a run will take before its first round: rounds of no steps, which cost what a round
 * costs besides training, and real steps on all cores. Everything it computes is thrown away.
 */
public final class RunProbe {
  /** A run that takes less is soon over, estimated or not. */
  static final double SHORT_RUN_SECONDS = 5;

  /** Fewer steps of a core are done before their code is compiled and can be measured. */
  private static final int FEWEST_STEPS = 200;

  private static final double SHARE_OF_RUN = 0.01;

  /** Most of it goes into compiling what the run needs anyway. */
  private static final double LEAST_BUDGET_SECONDS = 2;

  /** No step of a run of days is worth waiting longer for. */
  private static final double LARGEST_BUDGET_SECONDS = 30;

  /** What rounds of no steps may take: unlike steps, they prepare nothing. */
  private static final double EMPTY_ROUNDS_SECONDS = 0.5;

  private final SparkWorkers workers;
  private final TrainingPlan plan;
  private final RoundReduction reduction;
  private final SyncSettings sync;
  private final TrainingData data;
  private final TrainingProgress start;
  private final RunEstimate nothing;
  private final int epochs;
  private final int switchEpochs;
  private final List<Double> reduces = new ArrayList<>();
  private final List<Double> schedules = new ArrayList<>();

  /**
   * A probe of what is left of a run's stage from {@code start} on.
   *
   * @param cores how many workers can be at work at once
   */
  public RunProbe(
      SparkWorkers workers,
      SyncSettings sync,
      TrainingData data,
      TrainingProgress start,
      int cores) {
    this.workers = workers;
    this.plan = workers.plan();
    this.reduction = plan.reduction(sync.outer());
    this.sync = sync;
    this.data = data;
    this.start = start;
    this.epochs = plan.training().endEpoch() - start.epoch();
    this.switchEpochs = Math.max(0, sync.switchEpoch() - start.epoch());
    this.nothing =
        new RunEstimate(
            data.trainImages(),
            plan.training().batchSize(),
            plan.training().workers(),
            cores,
            sync.every(),
            0,
            0,
            0,
            0);
  }

  /** What steps may take before a run of so many seconds. */
  static double budgetSeconds(double runSeconds) {
    double share = SHARE_OF_RUN * runSeconds;
    return Math.max(LEAST_BUDGET_SECONDS, Math.min(share, LARGEST_BUDGET_SECONDS));
  }

  /** The estimate; empty where the run is soon over. */
  public Optional<RunEstimate> estimate() {
    double stepsOfCore = (double) epochs * nothing.stepsPerEpoch() * nothing.turns();
    if (stepsOfCore < FEWEST_STEPS) {
      return Optional.empty();
    }
    runEmptyRound();
    int shards = Math.min(nothing.cores(), nothing.workers());
    List<WorkTime> steps =
        workers.runOnFirst(
            data.train(),
            shards,
            start.state(),
            shared ->
                new StepProbe(
                    workers.sentPlan(),
                    shared,
                    sync.every().sharesGradients(),
                    stepsOfCore,
                    seconds(withRounds(nothing))),
            "estimate · steps");
    if (steps.size() < shards) {
      return Optional.empty();
    }
    double waiting = meanSeconds(steps, WorkTime::waitNanos);
    RunEstimate trained = nothing.withSteps(meanSeconds(steps, WorkTime::nanos) - waiting, waiting);
    Laps laps = new Laps();
    double spent = 0;
    while (spent < EMPTY_ROUNDS_SECONDS) {
      runEmptyRound();
      spent += laps.lap();
    }
    return Optional.of(withRounds(trained));
  }

  private double seconds(RunEstimate run) {
    return run.seconds(epochs, switchEpochs);
  }

  private RunEstimate withRounds(RunEstimate run) {
    return run.withRounds(settled(reduces), settled(schedules));
  }

  private void runEmptyRound() {
    int end = nothing.stepsPerEpoch();
    boolean shares = sync.every().sharesGradients();
    boolean restarts = !shares && sync.optimizerState() == SyncSettings.OptimizerState.RESET;
    Round empty = new Round(start.epoch(), 0, end, 0, end, shares, restarts);
    Laps laps = new Laps();
    RoundOutcome outcome =
        workers.run(
            data.train(), data.trainLoads(), start.state(), empty, "estimate · round of no steps");
    double seconds = laps.lap();
    reduction.nextState(start.state(), start.memory(), outcome.joined(), 1, empty);
    reduces.add(outcome.joiningSeconds() + laps.lap());
    schedules.add(seconds - outcome.joiningSeconds());
  }

  private static double meanSeconds(List<WorkTime> steps, ToLongFunction<WorkTime> nanos) {
    return steps.stream().mapToLong(nanos).average().orElseThrow() / 1e9;
  }

  /** The median of the last half: the first rounds compile what the others run. */
  private static double settled(List<Double> measured) {
    double[] last =
        measured.subList(measured.size() / 2, measured.size()).stream()
            .mapToDouble(seconds -> seconds)
            .sorted()
            .toArray();
    return last[last.length / 2];
  }
}
