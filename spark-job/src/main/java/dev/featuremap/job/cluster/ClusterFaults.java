package dev.featuremap.job.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.Success$;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts what Spark makes good while an application goes on. */
public final class ClusterFaults extends SparkListener implements AutoCloseable {
  private static final String ON_PURPOSE = "killed by driver";

  private final AtomicInteger executors = new AtomicInteger();
  private final AtomicInteger tasks = new AtomicInteger();
  private final Runnable end;

  ClusterFaults() {
    this.end = () -> {};
  }

  private ClusterFaults(JavaSparkContext spark) {
    this.end = () -> spark.sc().removeSparkListener(this);
  }

  /** The faults of an application from here on. */
  public static ClusterFaults of(JavaSparkContext spark) {
    ClusterFaults faults = new ClusterFaults(spark);
    spark.sc().addSparkListener(faults);
    return faults;
  }

  /** Counts no more. */
  @Override
  public void close() {
    end.run();
  }

  /** Executors that dynamic allocation gives back are not lost. */
  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    if (!removed.reason().contains(ON_PURPOSE)) {
      executors.incrementAndGet();
    }
  }

  /** Copies of a task that speculation no longer needs have not failed. */
  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (!end.reason().equals(Success$.MODULE$) && !(end.reason() instanceof TaskKilled)) {
      tasks.incrementAndGet();
    }
  }

  /** As in {@code 1 executor lost, 2 tasks failed}, or {@code none}. */
  @Override
  public String toString() {
    String text =
        Stream.of(count(executors.get(), "executor", "lost"), count(tasks.get(), "task", "failed"))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "none" : text;
  }

  private static String count(int number, String what, String happened) {
    return number == 0 ? "" : number + " " + what + (number == 1 ? " " : "s ") + happened;
  }
}
