package dev.featuremap.job.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/**
 * Remembers what Spark's pages would call the jobs of this JVM. Spark makes the object itself, by
 * the class name in {@code spark.extraListeners}.
 */
public final class JobDescriptions extends SparkListener {
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  /** The descriptions since the last call, in the order in which jobs began. */
  public static List<String> take() {
    List<String> taken = List.copyOf(SEEN);
    SEEN.clear();
    return taken;
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    SEEN.add(start.properties().getProperty("spark.job.description"));
  }
}
