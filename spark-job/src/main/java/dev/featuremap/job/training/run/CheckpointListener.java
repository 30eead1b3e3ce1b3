package dev.featuremap.job.training.run;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.training.rounds.DistributedTrainer;
import dev.featuremap.job.training.rounds.EpochEvaluation;
import dev.featuremap.job.training.rounds.StagePlans;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RoundStart;
import dev.featuremap.job.watch.RunListeners;
import dev.featuremap.train.Round;

/** Publishes checkpoints when they are due, and then tells everyone how the run stands. */
final class CheckpointListener implements DistributedTrainer.Listener {
  private final JobConfig config;
  private final CheckpointFiles checkpoints;
  private final StagePlans stages;
  private final RunViews views;
  private final RunListeners listeners;
  private final RunStop stop;
  private long roundsAtStart = -1;

  CheckpointListener(
      JobConfig config,
      CheckpointFiles checkpoints,
      StagePlans stages,
      RunViews views,
      RunListeners listeners,
      RunStop stop) {
    this.config = config;
    this.checkpoints = checkpoints;
    this.stages = stages;
    this.views = views;
    this.listeners = listeners;
    this.stop = stop;
  }

  @Override
  public void jobStarts(TrainingProgress progress, String kernels) {
    if (roundsAtStart < 0) {
      roundsAtStart = progress.rounds();
    }
    stop.beforeJob().ifPresent(cause -> end(progress, kernels, cause));
  }

  @Override
  public void jobFailed(TrainingProgress progress, String kernels) {
    stop.cancelled().ifPresent(cause -> end(progress, kernels, cause));
  }

  private void end(TrainingProgress progress, String kernels, RunStop.Cause cause) {
    if (progress.rounds() > 0 && !checkpoints.hold(progress)) {
      checkpoints.publish(progress, kernels);
    }
    throw stop.exception(cause, config.runId(), progress, progress.rounds() > roundsAtStart);
  }

  @Override
  public void featuresPlanned(String line) {
    listeners.featuresPlanned(line);
  }

  @Override
  public void classesWeighed(String line) {
    listeners.classesWeighed(line);
  }

  @Override
  public void roundStarts(TrainingProgress progress, Round round, int rounds) {
    listeners.roundStarts(
        new RoundStart(progress.history(), round.index(), rounds, progress.rounds()));
  }

  @Override
  public void roundDone(TrainingProgress progress, String kernels) {
    if (config.checkpoint().isDueAfterRound(progress.rounds())) {
      checkpoints.publish(progress, kernels);
    }
  }

  /** So that nothing is lost if the test images cannot be read. */
  @Override
  public void testStarts(TrainingProgress progress, String kernels) {
    if (!checkpoints.hold(progress)) {
      checkpoints.publish(progress, kernels);
    }
  }

  @Override
  public TrainingProgress best(TrainingProgress progress) {
    return progress.isBest() ? progress : checkpoints.best(progress, listeners::warn);
  }

  @Override
  public void testLoaded(BadRecords bad) {
    listeners.testLoaded(bad.count(), bad.lines());
  }

  @Override
  public void epochDone(
      TrainingProgress progress, EpochEvaluation evaluation, String kernels, boolean last) {
    boolean due = config.checkpoint().isDueAfterEpoch(progress.rounds());
    // The next stage must find what it starts from.
    boolean stageEnds = stages.endsAfter(progress.epoch());
    if (due || last || stageEnds || progress.isBest()) {
      checkpoints.publish(progress, kernels, last, evaluation.test());
    } else {
      checkpoints.requireHeld();
    }
    views.epochDone(
        new EpochDone(
            progress.history(),
            evaluation.evaluation(),
            evaluation.test().map(EpochEvaluation.Test::metrics),
            () -> stages.thatMade(progress).model(progress.state()),
            kernels,
            last));
  }
}
