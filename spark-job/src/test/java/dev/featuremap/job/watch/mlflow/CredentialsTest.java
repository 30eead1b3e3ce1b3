package dev.featuremap.job.watch.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialsTest {

  @Test
  void takesNameAndPasswordBeforeAToken() {
    Credentials both =
        Credentials.of(
            Map.of(
                "MLFLOW_TRACKING_USERNAME", "ada",
                "MLFLOW_TRACKING_PASSWORD", "canary",
                "MLFLOW_TRACKING_TOKEN", "token"));

    assertThat(both.header()).contains("Basic YWRhOmNhbmFyeQ==");
  }

  @Test
  void takesATokenAlone() {
    assertThat(Credentials.of(Map.of("MLFLOW_TRACKING_TOKEN", "canary")).header())
        .contains("Bearer canary");
  }

  @Test
  void needsNothing() {
    assertThat(Credentials.of(Map.of("MLFLOW_TRACKING_USERNAME", "ada")).header()).isEmpty();
  }

  @Test
  void neverShowsThem() {
    assertThat(Credentials.of(Map.of("MLFLOW_TRACKING_TOKEN", "canary")))
        .hasToString("credentials");
  }
}
