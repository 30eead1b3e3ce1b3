package dev.featuremap.job.testing;

import dev.featuremap.job.cluster.SparkContexts;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives jobs that start a Spark of their own what spark-submit would give them: system properties,
 * for a quiet {@code local[2]} in which Kryo refuses every class that is not registered. Register
 * it as a static field.
 */
public final class SparkProperties
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final String PREFIX = "spark.";
  private static final Map<String, String> USUAL =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          "spark.kryo.registrationRequired", "true");

  @Override
  public void beforeAll(ExtensionContext tests) {
    USUAL.forEach(System::setProperty);
  }

  /** Sets one more property, or another value, until the test ends. */
  public void set(String key, String value) {
    System.setProperty(key, value);
  }

  /** What the context of a job is configured with. */
  public SparkConf conf() {
    return SparkContexts.defaults(new SparkConf());
  }

  @Override
  public void afterEach(ExtensionContext test) {
    clear();
    USUAL.forEach(System::setProperty);
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    clear();
  }

  private static void clear() {
    System.getProperties().stringPropertyNames().stream()
        .filter(key -> key.startsWith(PREFIX))
        .forEach(System::clearProperty);
  }
}
