package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkContextsTest {
  private static final String PATIENCE = "spark.storage.blockManagerHeartbeatTimeoutMs";

  @ParameterizedTest
  @CsvSource({
    "local, 365d",
    "local[2], 365d",
    "'local[*,3]', 365d",
    "'local-cluster[2,1,1024]', 40s",
    "spark://host:7077, 40s",
    "yarn, 40s"
  })
  void givesUpAnExecutorThatSaysNothingUnlessItIsTheDriver(String master, String patience) {
    SparkConf conf = SparkContexts.defaults(new SparkConf(false).set("spark.master", master));

    assertThat(conf.get(PATIENCE)).isEqualTo(patience);
  }

  @Test
  void leavesWhatTheSubmitterHasDecided() {
    SparkConf conf = new SparkConf(false).set("spark.network.timeout", "300s");

    assertThat(SparkContexts.defaults(conf).contains(PATIENCE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"local, false", "'local[2]', false", "'local[*,3]', false"})
  void leavesSparksPageOffInOneProcess(String master, String enabled) {
    SparkConf conf = SparkContexts.defaults(new SparkConf(false).set("spark.master", master));

    assertThat(conf.get("spark.ui.enabled")).isEqualTo(enabled);
    assertThat(conf.get("spark.ui.killEnabled")).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://host:7077", "yarn", "k8s://host", "local-cluster[2,1,1024]"})
  void leavesSparksPageOfAClusterAsItIsButForItsButtons(String master) {
    SparkConf conf = SparkContexts.defaults(new SparkConf(false).set("spark.master", master));

    assertThat(conf.contains("spark.ui.enabled")).isFalse();
    assertThat(conf.get("spark.ui.killEnabled")).isEqualTo("false");
  }

  @Test
  void showsSparksPageToWhoeverAsks() {
    SparkConf conf =
        new SparkConf(false).set("spark.master", "local[2]").set("spark.ui.enabled", "true");

    assertThat(SparkContexts.defaults(conf).get("spark.ui.enabled")).isEqualTo("true");
    assertThat(conf.get("spark.ui.killEnabled")).isEqualTo("false");
  }

  @Test
  void leavesLinesOfInfoOutWhereNobodyHasDecided() {
    String key = "log4j2.configurationFile";
    String before = System.clearProperty(key);
    try {
      assertThat(SparkContexts.defaults(new SparkConf(false)).get("spark.log.level"))
          .isEqualTo("WARN");
      assertThat(
              SparkContexts.defaults(new SparkConf(false).set("spark.log.level", "INFO"))
                  .get("spark.log.level"))
          .isEqualTo("INFO");
      System.setProperty(key, "mine.properties");
      assertThat(SparkContexts.defaults(new SparkConf(false)).contains("spark.log.level"))
          .isFalse();
    } finally {
      System.clearProperty(key);
      if (before != null) {
        System.setProperty(key, before);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "featuremap-0.1.0.jar, featuremap train mine",
    "dev.featuremap.job.cli.Featuremap, featuremap train mine",
    "nightly, nightly"
  })
  void namesTheApplicationWhereSparkSubmitHasMadeUpItsName(String given, String name) {
    System.setProperty("spark.app.name", given);
    System.setProperty("spark.master", "local[1]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    try (JobContext context = SparkContexts.start("featuremap train mine")) {
      assertThat(context.spark().appName()).isEqualTo(name);
      assertThat(context.isShared()).isFalse();
    } finally {
      System.getProperties().stringPropertyNames().stream()
          .filter(key -> key.startsWith("spark."))
          .forEach(System::clearProperty);
    }
  }
}
