package dev.featuremap.job.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpochMetricsTest {
  private static final EpochTimes TIMES = new EpochTimes(1, 0.5, 0.25, 0, 0.125, 2, 4);

  private static final EpochMetrics FIRST =
      new EpochMetrics(1, 5_000_000_000L, 0.05, 0.5, 0.85, 0.25, 0.92, 0.01, 80000, TIMES);
  private static final EpochMetrics DIVERGED =
      new EpochMetrics(2, 6, 0.05, Double.NaN, 0.1, Double.NaN, 0.1, Double.NaN, 80000, TIMES);

  @Test
  void takesOneLineAnEpoch() {
    assertThat(EpochMetrics.toLines(List.of(FIRST, DIVERGED)))
        .isEqualTo(
            """
            {"epoch":1,"rounds":5000000000,"learning-rate":0.05,"train-loss":0.5,"train-accuracy":0.85,\
            "test-loss":0.25,"test-accuracy":0.92,"drift":0.01,"train-images-per-second":80000.0,"seconds":7.875,%s}
            {"epoch":2,"rounds":6,"learning-rate":0.05,"train-loss":null,"train-accuracy":0.1,\
            "test-loss":null,"test-accuracy":0.1,"drift":null,"train-images-per-second":80000.0,"seconds":7.875,%s}
            """
                .replace(
                    "%s",
                    "\"compute-seconds\":1.0,\"wait-seconds\":0.5,\"imbalance-seconds\":0.25,\"reduce-seconds\":0.0,\"schedule-seconds\":0.125,\"evaluate-seconds\":2.0,\"checkpoint-seconds\":4.0"));
  }

  @Test
  void comesBackFromItsLine() {
    List<EpochMetrics> epochs = List.of(FIRST, DIVERGED);

    assertThat(EpochMetrics.fromLines(EpochMetrics.toLines(epochs))).isEqualTo(epochs);
    assertThat(EpochMetrics.fromLines("")).isEmpty();
  }

  @Test
  void saysOfWhichSetItsNumbersAre() {
    EpochMetrics validated = FIRST.validated(new ValidationMetrics(0.75, 0.625));
    EpochMetrics last = validated.tested(0.5, 0.875, Map.of("test-macro-f1", 0.5));

    assertThat(EpochMetrics.toLines(List.of(validated)))
        .contains("\"validation-loss\":0.75,\"validation-accuracy\":0.625,\"drift\"")
        .doesNotContain("test-");
    assertThat(EpochMetrics.toLines(List.of(last)))
        .contains(
            "\"validation-accuracy\":0.625,\"test-loss\":0.5,\"test-accuracy\":0.875,\"test-macro-f1\":0.5,\"drift\"");
    assertThat(EpochMetrics.fromLines(EpochMetrics.toLines(List.of(validated, last))))
        .isEqualTo(List.of(validated, last));
    assertThat(List.of(last.set(), FIRST.set())).containsExactly("validation", "test");
    assertThat(List.of(last.accuracy(), FIRST.accuracy())).containsExactly(0.625, 0.92);
  }

  @Test
  void namesTheDamagedLine() {
    String damaged = EpochMetrics.toLines(List.of(FIRST, DIVERGED)).replace("null", "\"?\"");

    assertThatThrownBy(() -> EpochMetrics.fromLines(damaged))
        .hasMessage(
            "Cannot read line 2 of metrics.jsonl: train-loss must be a number or null, got \"?\".");
  }

  @Test
  void namesTheDamagedHistoryOfACheckpoint() {
    ObjectNode state = JsonNodeFactory.instance.objectNode().put("next-round", 0);
    state.putArray("history").add("{}");

    assertThatThrownBy(() -> EpochMetrics.endOf(state))
        .hasMessageStartingWith("Cannot read the end of a checkpoint's history: ");
  }
}
