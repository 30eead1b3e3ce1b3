package dev.featuremap.job.training.run;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.watch.console.RunConsole;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/**
 * Says every few seconds that a run is alive, and what it is doing: in {@code status.json}, and in
 * a line of the console if nothing else was said meanwhile.
 */
final class Heartbeat implements AutoCloseable {
  private static final Duration BETWEEN = Duration.ofSeconds(9);

  private final RunConsole console;
  private final Timer timer = new Timer("run-heartbeat", true);
  private volatile Runnable status = () -> {};

  private Heartbeat(RunConsole console) {
    this.console = console;
  }

  static Heartbeat start(RunConsole console) {
    return start(console, BETWEEN);
  }

  static Heartbeat start(RunConsole console, Duration between) {
    Heartbeat heartbeat = new Heartbeat(console);
    TimerTask beat =
        new TimerTask() {
          @Override
          public void run() {
            heartbeat.beat(between);
          }
        };
    heartbeat.timer.schedule(beat, between.toMillis(), between.toMillis());
    return heartbeat;
  }

  /** From now on a status is written too. */
  void writes(Runnable writer) {
    status = writer;
  }

  private void beat(Duration between) {
    console.alive(SparkJob.doing(), between);
    try {
      status.run();
    } catch (JobException e) {
      // Whatever keeps the status from being written, the training thread meets and reports.
      return;
    }
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
