package dev.featuremap.job.config;

import java.util.List;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings before there is a Spark context. */
public final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";
  private static final String DEFAULTS = "core-default.xml";

  /** Each retry waits twice as long as the one before, from 100 ms on. */
  private static final String S3_RETRIES = "fs.s3a.retry.throttle.limit";

  /**
   * Some 15 s altogether; with the 20 of Hadoop, one call to a store that is always busy takes
   * days.
   */
  private static final int MOST_S3_RETRIES = 5;

  /** Those of the class path; a copy of what is loaded needs no file to be found and parsed. */
  private static final Configuration OF_FILES = new Configuration();

  private HadoopSettings() {}

  /**
   * The cluster's settings and those given to spark-submit as {@code spark.hadoop.*}, which it
   * passes on as system properties. A call to a busy S3 gives up in time, unless they say how often
   * it is repeated: what must not fail is called again anyway.
   */
  public static Configuration of(Properties system) {
    // Loads them, unless they are loaded.
    OF_FILES.size();
    Configuration hadoop = new Configuration(OF_FILES);
    for (String name : system.stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        hadoop.set(name.substring(PREFIX.length()), system.getProperty(name), "spark-submit");
      }
    }
    return patient(hadoop);
  }

  /** Those of a Spark that runs already; a busy S3 is given up as by {@link #of}. */
  public static Configuration running(Configuration ofSpark) {
    return patient(new Configuration(ofSpark));
  }

  private static Configuration patient(Configuration hadoop) {
    if (isDefault(hadoop, S3_RETRIES)) {
      hadoop.setInt(S3_RETRIES, MOST_S3_RETRIES);
    }
    return hadoop;
  }

  private static boolean isDefault(Configuration hadoop, String key) {
    String[] sources = hadoop.getPropertySources(key);
    return sources == null || List.of(sources).equals(List.of(DEFAULTS));
  }
}
