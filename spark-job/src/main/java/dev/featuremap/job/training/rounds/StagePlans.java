package dev.featuremap.job.training.rounds;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.train.OuterMomentum;
import java.util.List;
import java.util.Optional;

/**
 * The stages of a run, one after the other, each with a plan of its own: most runs have one.
 *
 * <p>A stage starts from the model of the one before, and its optimizer remembers nothing. The
 * state at the end of an epoch is that of the stage which has trained it, also in checkpoints;
 * whoever goes on from there {@linkplain #entered enters} the next.
 */
public final class StagePlans {
  private final List<TrainingPlan> plans;

  private StagePlans(List<TrainingPlan> plans) {
    this.plans = plans;
  }

  /** The stages that a configuration asks for. */
  public static StagePlans of(JobConfig config) {
    return new StagePlans(TrainingPlan.of(config).stages());
  }

  /** All of them, in order. */
  public List<TrainingPlan> all() {
    return plans;
  }

  /** The first, which knows what holds for all: workers, batches, images. */
  public TrainingPlan first() {
    return plans.get(0);
  }

  /** Epochs of the run. */
  public int epochs() {
    return last().training().endEpoch();
  }

  private TrainingPlan last() {
    return plans.get(plans.size() - 1);
  }

  /** The plan that trains an epoch, from 0; the last one behind the end. */
  public TrainingPlan at(int epoch) {
    return plans.stream()
        .filter(plan -> epoch < plan.training().endEpoch())
        .findFirst()
        .orElse(last());
  }

  /** The number of a plan's stage, from 1. */
  public int number(TrainingPlan plan) {
    return plans.indexOf(plan) + 1;
  }

  /**
   * The plan whose state a run has after a round or an epoch.
   *
   * @param epoch epochs completed
   * @param nextRound the round to run next
   */
  public TrainingPlan thatMade(int epoch, int nextRound) {
    return at(nextRound > 0 ? epoch : Math.max(0, epoch - 1));
  }

  /** The same of progress after a round or an epoch. */
  public TrainingPlan thatMade(TrainingProgress progress) {
    return thatMade(progress.epoch(), progress.nextRound());
  }

  /** True where a stage has ended when so many epochs are completed. */
  public boolean endsAfter(int epochs) {
    return plans.stream().anyMatch(plan -> plan.training().endEpoch() == epochs);
  }

  /** Epochs before the last stage, in which nothing ends a run early. */
  int epochsBeforeLast() {
    return last().training().firstEpoch();
  }

  /** Progress right after a round or an epoch, ready for the next. */
  public TrainingProgress entered(TrainingProgress progress, OuterMomentum outer) {
    TrainingPlan made = thatMade(progress);
    TrainingPlan next = at(progress.epoch());
    return next == made
        ? progress
        : progress.from(next.start(Optional.of(made.model(progress.state())), outer));
  }
}
