package dev.featuremap.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.EarlyStopping;
import dev.featuremap.job.run.EpochMetrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStoppingRuleTest {

  @Test
  void neverStopsWithoutPatience() {
    assertThat(stops(0, 0, 1, 2, 3, 4, 5)).isFalse();
  }

  @Test
  void stopsAfterAsManyEpochsWithoutABetterLossAsItsPatience() {
    assertThat(stops(2, 0, 1.0, 0.9)).isFalse();
    assertThat(stops(2, 0, 1.0, 0.9, 0.95)).isFalse();
    assertThat(stops(2, 0, 1.0, 0.9, 0.95, 0.9)).isTrue();
  }

  @Test
  void startsToWaitAnewAfterEachImprovement() {
    assertThat(stops(2, 0, 1.0, 1.1, 0.9, 1.2)).isFalse();
    assertThat(stops(2, 0, 1.0, 1.1, 0.9, 1.2, 1.2)).isTrue();
  }

  @Test
  void countsOnlyFallsAboveTheSmallestDifference() {
    assertThat(stops(1, 0.25, 1.0, 0.75)).isTrue();
    assertThat(stops(1, 0.25, 1.0, 0.5)).isFalse();
  }

  @Test
  void measuresTheFallFromTheBestLossNotFromTheLast() {
    assertThat(stops(2, 0.25, 1.0, 0.875, 0.75)).isTrue();
    assertThat(stops(2, 0.25, 1.0, 0.875, 0.625)).isFalse();
  }

  @Test
  void hasNothingToJudgeBeforeTheFirstEpoch() {
    assertThat(stops(1, 0)).isFalse();
  }

  private static boolean stops(int patience, double minDelta, double... testLosses) {
    List<EpochMetrics> history = new ArrayList<>();
    for (double loss : testLosses) {
      history.add(new EpochMetrics(history.size() + 1, 1, 0.1, 1, 0.5, loss, 0.5, 0, 1, 1));
    }
    return new EarlyStoppingRule(new EarlyStopping(patience, minDelta)).stopsAfter(history);
  }
}
