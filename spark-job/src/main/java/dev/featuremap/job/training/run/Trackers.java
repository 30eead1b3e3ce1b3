package dev.featuremap.job.training.run;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.TrackingSettings;
import dev.featuremap.job.metrics.RunGauges;
import dev.featuremap.job.watch.RunListeners;
import dev.featuremap.job.watch.console.RunConsole;
import dev.featuremap.job.watch.mlflow.MlflowTracker;
import dev.featuremap.job.watch.tensorboard.EventFiles;

/** Who watches a run besides its report, which joins when there are images to show. */
final class Trackers {
  private Trackers() {}

  /** The listeners of a run, in the order in which they hear of it. */
  static RunListeners of(JobConfig config, RunFiles files, RunConsole console) {
    TrackingSettings settings = config.tracking();
    RunListeners listeners = new RunListeners(console::warn);
    listeners.add(console);
    listeners.add(RunGauges.ofThisProcess());
    if (settings.tensorboard()) {
      listeners.add(new EventFiles(files.storage(), files.directory().tensorboard()));
    }
    settings
        .mlflow()
        .ifPresent(
            server -> listeners.add(new MlflowTracker(server, System.getenv(), console::warn)));
    listeners.add(new DriftWarning(console::warn));
    return listeners;
  }
}
