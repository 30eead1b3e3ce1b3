package dev.featuremap.job.train;

import dev.featuremap.job.config.CheckpointSettings;
import dev.featuremap.job.report.RunConsole;
import dev.featuremap.job.track.EpochDone;
import dev.featuremap.job.track.RoundStart;
import dev.featuremap.job.track.RunListeners;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.Round;

/** Publishes checkpoints when they are due, and then tells everyone how the run stands. */
final class Recorder implements DistributedTrainer.Listener {
  private final CheckpointSettings settings;
  private final CheckpointFiles checkpoints;
  private final RunPlan plan;
  private final RunViews views;
  private final RunListeners listeners;
  private final RunConsole console;

  Recorder(
      CheckpointSettings settings,
      CheckpointFiles checkpoints,
      RunPlan plan,
      RunViews views,
      RunListeners listeners,
      RunConsole console) {
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.plan = plan;
    this.views = views;
    this.listeners = listeners;
    this.console = console;
  }

  @Override
  public void roundStarts(TrainingProgress progress, Round round, int rounds) {
    listeners.roundStarts(
        new RoundStart(progress.history(), round.index(), rounds, progress.rounds()));
  }

  @Override
  public void roundDone(TrainingProgress progress, String kernels) {
    if (settings.isDueAfterRound(progress.rounds())) {
      checkpoints.publish(progress, kernels, false);
    }
  }

  @Override
  public void epochDone(
      TrainingProgress progress, Evaluation evaluation, String kernels, boolean last) {
    boolean due = settings.isDueAfterEpoch(progress.rounds());
    if (due || last || progress.isBest()) {
      checkpoints.publish(progress, kernels, last);
    } else {
      checkpoints.requireHeld();
    }
    views.epochDone(
        new EpochDone(
            progress.history(), evaluation, () -> plan.model(progress.state()), kernels, last));
    DriftRule.warning(progress.history()).ifPresent(console::warn);
  }
}
