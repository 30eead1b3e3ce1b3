package dev.featuremap.job.cluster;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.serializer.KryoSerializer;

/**
 * Starts Spark with what this job needs; whatever the user has set stays. Where Spark runs in this
 * process already, as in notebooks, that one is used as it is.
 */
public final class SparkContexts {
  private static final String MAIN_CLASS = "dev.featuremap.job.cli.Featuremap";

  /** The name that spark-submit makes up where nobody names the main class. */
  private static final Pattern JAR = Pattern.compile("featuremap-[0-9].*\\.jar");

  private static final String PLUGINS = "spark.plugins";

  private static final List<String> LOG_FILES =
      List.of("log4j2.configurationFile", "log4j.configurationFile", "log4j.configuration");

  private SparkContexts() {}

  /**
   * A context; master and resources are the submitter's, and so is the name, unless spark-submit
   * made it from the main class or the jar.
   */
  public static JobContext start(String application) {
    return start(defaults(new SparkConf()), application);
  }

  /** A context with a plugin besides those that the user names, if it is an own one. */
  public static JobContext startWith(Class<? extends SparkPlugin> plugin, String application) {
    SparkConf conf = defaults(new SparkConf());
    String given = conf.get(PLUGINS, "").strip();
    conf.set(PLUGINS, given.isEmpty() ? plugin.getName() : given + "," + plugin.getName());
    return start(conf, application);
  }

  private static JobContext start(SparkConf conf, String application) {
    Optional<SparkContext> running = JobContext.running();
    if (running.isPresent()) {
      return JobContext.shared(JavaSparkContext.fromSparkContext(running.get()));
    }
    String name = conf.get("spark.app.name", MAIN_CLASS);
    if (name.equals(MAIN_CLASS) || JAR.matcher(name).matches()) {
      conf.setAppName(application);
    }
    return JobContext.own(new JavaSparkContext(conf));
  }

  /**
   * How long Spark waits for an executor that says nothing, unless the submitter has decided: a
   * round then takes under a minute longer, where Spark would wait for 2 to 3. One that lives in
   * the driver cannot be lost, but seems so after the machine has slept.
   */
  private static void setPatience(SparkConf conf) {
    if (!conf.contains("spark.network.timeout")) {
      boolean apart = !conf.get("spark.master", "").matches("local(\\[.*])?");
      conf.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", apart ? "40s" : "365d");
      conf.setIfMissing("spark.network.timeoutInterval", "5s");
    }
  }

  /**
   * Whoever has a page of the web open can have it post to this machine. So Spark's page is off
   * where nobody asks for it and nobody else can reach it, and nowhere ends a stage by a click.
   */
  private static void setPage(SparkConf conf) {
    if (conf.get("spark.master", "").matches("local(\\[.*])?")) {
      conf.setIfMissing("spark.ui.enabled", "false");
    }
    conf.setIfMissing("spark.ui.killEnabled", "false");
  }

  /** With Spark's INFO, an epoch takes hundreds of lines; whoever names a file for it decides. */
  private static void setLogLevel(SparkConf conf) {
    if (LOG_FILES.stream().allMatch(name -> System.getProperty(name) == null)) {
      conf.setIfMissing("spark.log.level", "WARN");
    }
  }

  /** Adds the job's defaults to a configuration. */
  public static SparkConf defaults(SparkConf conf) {
    conf.setIfMissing("spark.serializer", KryoSerializer.class.getName());
    conf.setIfMissing("spark.kryo.registrator", FeaturemapKryoRegistrator.class.getName());
    // With Spark's 3 s, the partitions of a lost executor stay on the survivor for the whole run.
    conf.setIfMissing("spark.locality.wait", "0s");
    setPatience(conf);
    // Below this number of partitions a task writes a file for each, with a Kryo of its own: a
    // millisecond and more.
    conf.setIfMissing("spark.shuffle.sort.bypassMergeThreshold", "1");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    setPage(conf);
    setLogLevel(conf);
    return conf;
  }
}
