package dev.featuremap.job.training.run;

import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkFailure;
import dev.featuremap.job.metrics.RunMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.training.rounds.Laps;
import dev.featuremap.job.watch.RunListeners;
import dev.featuremap.job.watch.console.RunConsole;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The {@code train} command from configuration to result: starts a run, goes on with one that was
 * interrupted or shall have more epochs, or reports one that is complete.
 */
public final class TrainingJob {
  private final RunConsole console;
  private final LongSupplier nanoTime;

  /** A job that tells its progress to {@code console}. */
  public TrainingJob(RunConsole console) {
    this(console, System::nanoTime);
  }

  TrainingJob(RunConsole console, LongSupplier nanoTime) {
    this.console = console;
    this.nanoTime = nanoTime;
  }

  /**
   * Runs the job.
   *
   * @param hadoop reaches the run directory before there is a Spark context
   * @throws JobException with the exit code that fits
   */
  public RunResult run(JobConfig config, Configuration hadoop) {
    RunFiles files = new RunFiles(config, hadoop);
    Optional<RunResult> finished = files.finished();
    JobConfig earlier = finished.isPresent() ? files.claim() : config;
    if (finished.isPresent() && new Continuation(earlier, config).isSame()) {
      Path images = earlier.data().path();
      files.requireOwnCheckpoint();
      if (!images.equals(config.data().path())) {
        console.warn(
            "run %s was trained on the images in %s; those in %s were not looked at"
                .formatted(config.runId(), images, config.data().path()));
      }
      console.alreadyFinished(finished.get(), files.directory().root());
      return finished.get();
    }
    Laps laps = new Laps(nanoTime);
    // Spark stops first: what trackers have left to do goes on meanwhile.
    try (RunStop stop = RunStop.watch(config.limits(), nanoTime);
        Heartbeat heartbeat = Heartbeat.start(console);
        RunListeners trackers = Trackers.of(config, files, console);
        JobContext context =
            SparkContexts.startWith(RunMetrics.class, "featuremap train " + config.runId())) {
      stop.cancelsJobsOf(context);
      context.shortcomings().forEach(trackers::warn);
      TrainingRun run = new TrainingRun(config, context, files, trackers, laps, stop);
      heartbeat.writes(run::alive);
      try {
        return run.execute();
      } catch (JobException e) {
        run.recordFailure(e.exitCode(), e.getMessage());
        throw e;
      } catch (Throwable e) {
        // Errors and Spark's undeclared checked exceptions too: the status must not say RUNNING.
        Optional<JobException> stopped =
            stop.exception(config.runId()).filter(end -> SparkJob.wasCancelled(e));
        if (stopped.isPresent()) {
          run.recordFailure(stopped.get().exitCode(), stopped.get().getMessage());
          throw stopped.get();
        }
        JobException known =
            SparkFailure.explain(e)
                .orElseGet(() -> new JobException(ExitCode.INTERNAL, e.toString(), e));
        run.recordFailure(known.exitCode(), known.getMessage());
        throw e;
      }
    }
  }
}
