package dev.featuremap.job.images.source;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What reaches Hadoop's file systems in the tasks that read a source. Made on the driver with each
 * dataset of Spark's; Spark removes it when nobody holds it any more.
 */
public final class TaskFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> configuration;

  private TaskFiles(Broadcast<SerializableConfiguration> configuration) {
    this.configuration = configuration;
  }

  /** The file systems that the driver reaches. */
  public static TaskFiles of(JavaSparkContext spark) {
    return new TaskFiles(
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  /** What reaches them; in a task. */
  public Configuration configuration() {
    return configuration.value().value();
  }
}
