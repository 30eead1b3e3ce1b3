package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {

  @Test
  void takesWhatSparkSubmitPassesToHadoop() {
    Properties system = new Properties();
    system.setProperty("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:9000");
    system.setProperty("spark.app.name", "ignored");

    assertThat(HadoopSettings.of(system).get("fs.s3a.endpoint")).isEqualTo("http://127.0.0.1:9000");
    assertThat(HadoopSettings.of(system).get("spark.app.name")).isNull();
  }

  @Test
  void letsABusyStoreOfS3GoInTimeUnlessToldOtherwise() {
    Properties system = new Properties();

    assertThat(HadoopSettings.of(system).getInt("fs.s3a.retry.throttle.limit", 0)).isEqualTo(5);
    system.setProperty("spark.hadoop.fs.s3a.retry.throttle.limit", "20");
    assertThat(HadoopSettings.of(system).getInt("fs.s3a.retry.throttle.limit", 0)).isEqualTo(20);
  }
}
