package dev.featuremap.job.config;

import java.util.Properties;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings before there is a Spark context. */
public final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";

  private HadoopSettings() {}

  /**
   * The cluster's settings and those given to spark-submit as {@code spark.hadoop.*}, which it
   * passes on as system properties.
   */
  public static Configuration of(Properties system) {
    Configuration hadoop = new Configuration();
    for (String name : system.stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        hadoop.set(name.substring(PREFIX.length()), system.getProperty(name), "spark-submit");
      }
    }
    return hadoop;
  }
}
