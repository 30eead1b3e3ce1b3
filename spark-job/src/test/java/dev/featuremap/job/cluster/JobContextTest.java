package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class JobContextTest {
  private static SparkConf conf(String master) {
    return new SparkConf(false)
        .setMaster(master)
        .setAppName("notebook")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.ui.enabled", "false");
  }

  @Test
  void endsItsOwnContextAndNoOther() {
    assertThat(JobContext.running()).isEmpty();
    try (JavaSparkContext notebook = new JavaSparkContext(conf("local[1]"))) {
      try (JobContext context = SparkContexts.start("featuremap")) {
        assertThat(context.isShared()).isTrue();
        assertThat(context.spark().sc()).isSameAs(notebook.sc());
        assertThat(context.shortcomings()).isEmpty();
      }
      assertThat(notebook.sc().isStopped()).isFalse();
      JobContext.own(notebook).close();
      assertThat(notebook.sc().isStopped()).isTrue();
    }
    assertThat(JobContext.running()).isEmpty();
  }

  @Test
  void refusesAKryoThatKnowsNothingOfTheJob() {
    try (JavaSparkContext notebook =
        new JavaSparkContext(conf("local[1]").set("spark.kryo.registrationRequired", "true"))) {
      assertThatThrownBy(() -> SparkContexts.start("featuremap"))
          .isInstanceOfSatisfying(
              JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessage(
              "Cannot run in this Spark session: it has spark.kryo.registrationRequired = true and its spark.kryo.registrator does not name dev.featuremap.job.cluster.FeaturemapKryoRegistrator. Start the session with it.");
      assertThat(notebook.sc().isStopped()).isFalse();
    }
  }

  @Test
  void tellsWhatASessionOnAClusterCanNoLongerBeTold() {
    assertThat(JobContext.shortcomings(conf("yarn")))
        .containsExactly(
            "this Spark session has spark.locality.wait = 3s: after an executor is lost, its workers may share another one for the rest of the run. Sessions that are started with spark.locality.wait=0s do not wait");
    assertThat(JobContext.shortcomings(conf("yarn").set("spark.locality.wait", "0s"))).isEmpty();
    assertThat(JobContext.shortcomings(conf("local[2]"))).isEmpty();
  }
}
