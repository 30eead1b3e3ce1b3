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
}
