package dev.featuremap.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RunResultTest {

  @Test
  void isWrittenAsFlatJson() {
    assertThat(result("20261122-181500-ab12", 0.0625).toJson())
        .isEqualTo(
            """
            {
              "run-id" : "20261122-181500-ab12",
              "state" : "FINISHED",
              "epochs" : 10,
              "test-accuracy" : 0.9876,
              "test-loss" : 0.0625,
              "train-images-per-second" : 81000.5,
              "seconds" : 12.5,
              "parameters" : 4408,
              "parameters-sha256" : "ab",
              "kernels" : "vector/16 lanes",
              "workers" : 2,
              "bad-records" : 3,
              "checkpoint" : "hdfs://nn/runs/r/checkpoints/10-10-x"
            }
            """);
  }

  @Test
  void comesBackFromItsText() {
    RunResult result = result("a:b", 0.1);

    assertThat(RunResult.fromJson(result.toJson())).isEqualTo(result);
  }

  @Test
  void writesNumbersThatAreNotFiniteAsNull() {
    String diverged = result("r", Double.NaN).toJson();

    assertThat(diverged).contains("\"test-loss\" : null");
    assertThat(result("r", Double.NEGATIVE_INFINITY).toJson()).isEqualTo(diverged);
    assertThat(RunResult.fromJson(diverged).testLoss()).isNaN();
  }

  @Test
  void fitsIntoAnXComWithTheLongestRunId() {
    assertThat(result("\"".repeat(85), 0.1).toJson().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(8192);
  }

  private static RunResult result(String runId, double testLoss) {
    return new RunResult(
        RunId.of(runId),
        RunStatus.State.FINISHED,
        10,
        0.9876,
        testLoss,
        81000.5,
        12.5,
        4408,
        "ab",
        "vector/16 lanes",
        2,
        3,
        "hdfs://nn/runs/r/checkpoints/10-10-x");
  }
}
