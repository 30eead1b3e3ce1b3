package dev.featuremap.job.testing;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Spark inside the test's process for all tests of a class; register it as a static field.
 *
 * <p>Kryo refuses every class that the registrator does not name.
 */
public final class LocalSpark implements BeforeAllCallback, AfterAllCallback {
  private final int cores;
  private final Class<? extends KryoRegistrator> registrator;
  private JavaSparkContext context;

  /** A {@code local[cores]} Spark. */
  public LocalSpark(int cores, Class<? extends KryoRegistrator> registrator) {
    this.cores = cores;
    this.registrator = registrator;
  }

  /** Starts a context on loopback, without a UI; the caller closes it. */
  public static JavaSparkContext start(
      String master, Class<? extends KryoRegistrator> registrator) {
    return new JavaSparkContext(conf(master, registrator));
  }

  /** What {@link #start} starts with, for tests that add to it. */
  public static SparkConf conf(String master, Class<? extends KryoRegistrator> registrator) {
    return new SparkConf(false)
        .setMaster(master)
        .setAppName("featuremap-test")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.ui.enabled", "false")
        .set("spark.executor.extraJavaOptions", EmbeddedSpark.inherited())
        .set("spark.serializer", KryoSerializer.class.getName())
        .set("spark.kryo.registrationRequired", "true")
        .set("spark.kryo.registrator", registrator.getName());
  }

  /** The running context. */
  public JavaSparkContext context() {
    return context;
  }

  @Override
  public void beforeAll(ExtensionContext test) {
    context = start("local[%s]".formatted(cores), registrator);
  }

  @Override
  public void afterAll(ExtensionContext test) {
    context.close();
  }
}
