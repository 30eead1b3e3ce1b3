package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.config.TrackingSettings.Mlflow;
import dev.featuremap.job.record.RunId;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingSettingsTest {

  @Test
  void isOffByDefault() {
    assertThat(load().tracking().tensorboard()).isFalse();
    assertThat(load().tracking().mlflow()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://mlflow:5000", "https://host/a/b/", "HTTP://127.0.0.1"})
  void takesTheUriOfAServer(String uri) {
    JobConfig config =
        load("tracking.mlflow.uri=" + uri, "tracking.mlflow.experiment=digits at night");

    assertThat(config.tracking().mlflow())
        .contains(new Mlflow(URI.create(uri.replaceAll("/$", "")), "digits at night"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlflow:5000",
        "ftp://mlflow",
        "http:///path",
        "databricks",
        "http://a b",
        "./here"
      })
  void refusesWhatIsNoServer(String uri) {
    assertThatThrownBy(() -> load("tracking.mlflow.uri=" + uri))
        .hasMessage(
            "Cannot use tracking.mlflow.uri: expected the http or https URI of a tracking server, such as http://mlflow:5000, got \"%s\"."
                .formatted(uri));
  }

  @Test
  void refusesAQueryWithoutShowingIt() {
    assertThatThrownBy(() -> load("tracking.mlflow.uri=http://mlflow:5000?token=canary"))
        .hasMessageContaining("got \"http://mlflow:5000?...\"")
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesCredentialsWithoutShowingThem() {
    assertThatThrownBy(() -> load("tracking.mlflow.uri=http://user:canary@mlflow:5000"))
        .hasMessage(
            "Cannot use tracking.mlflow.uri: a URI must not contain credentials. Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, in the driver's environment.");
  }

  @Test
  void givesSettingsAsFlatTexts() {
    assertThat(load("sync.every=4 steps").flat())
        .containsEntry("sync.every", "4 steps")
        .containsEntry("train.learning-rate", "0.002")
        .containsEntry("tracking.tensorboard", "false")
        .containsEntry("network.layers[0].name", "conv1")
        .doesNotContainKey("train.init-from");
  }

  private static JobConfig load(String... assignments) {
    return new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"))
        .load(ConfigRequest.defaults().withAssignments(assignments));
  }
}
