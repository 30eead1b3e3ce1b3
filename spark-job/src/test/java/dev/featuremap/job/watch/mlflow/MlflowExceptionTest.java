package dev.featuremap.job.watch.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MlflowExceptionTest {
  @Test
  void showsWhatTheServerSaysInOneLine() {
    assertThat(new MlflowException("status 400 BAD\nfeaturemap: done \u001b[2J", "BAD"))
        .hasMessage("status 400 BAD\\nfeaturemap: done \\u001B[2J");
  }
}
