package dev.featuremap.job.record;

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
              "seconds" : 14.5,
              "parameters" : 4408,
              "parameters-sha256" : "ab",
              "kernels" : "vector/16 lanes",
              "workers" : 2,
              "bad-records" : 3,
              "start-seconds" : 1.0,
              "load-seconds" : 2.0,
              "compute-seconds" : 8.0,
              "wait-seconds" : 0.5,
              "imbalance-seconds" : 0.25,
              "reduce-seconds" : 0.25,
              "schedule-seconds" : 0.5,
              "evaluate-seconds" : 1.5,
              "checkpoint-seconds" : 0.5,
              "estimated-epoch-compute-seconds" : 0.75,
              "estimated-epoch-wait-seconds" : null,
              "estimated-epoch-imbalance-seconds" : 0.0,
              "estimated-epoch-reduce-seconds" : 0.0,
              "estimated-epoch-schedule-seconds" : 0.125,
              "estimated-epoch-evaluate-seconds" : null,
              "estimated-epoch-checkpoint-seconds" : null,
              "checkpoint" : "hdfs://nn/runs/r/checkpoints/10-10-x",
              "featuremap" : "%s"
            }
            """
                .formatted(Program.VERSION));
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
        4408,
        "ab",
        "vector/16 lanes",
        2,
        3,
        new RunTimes(1, 2, new EpochTimes(8, 0.5, 0.25, 0.25, 0.5, 1.5, 0.5)),
        new EpochTimes(0.75, Double.NaN, 0, 0, 0.125, Double.NaN, Double.NaN),
        "hdfs://nn/runs/r/checkpoints/10-10-x");
  }
}
