package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.EarlyStopping;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStoppingRuleTest {

  @Test
  void neverStopsWithoutPatience() {
    assertThat(stops(0, 0, 1, 2, 3, 4, 5)).isFalse();
  }

  @Test
  void stopsAfterAsManyEpochsWithoutABetterAccuracyAsItsPatience() {
    assertThat(stops(2, 0, 0.5, 0.6)).isFalse();
    assertThat(stops(2, 0, 0.5, 0.6, 0.55)).isFalse();
    assertThat(stops(2, 0, 0.5, 0.6, 0.55, 0.6)).isTrue();
  }

  @Test
  void startsToWaitAnewAfterEachImprovement() {
    assertThat(stops(2, 0, 0.5, 0.4, 0.6, 0.3)).isFalse();
    assertThat(stops(2, 0, 0.5, 0.4, 0.6, 0.3, 0.3)).isTrue();
  }

  @Test
  void countsOnlyGrowthAboveTheSmallestDifference() {
    assertThat(stops(1, 0.25, 0.5, 0.75)).isTrue();
    assertThat(stops(1, 0.25, 0.5, 0.875)).isFalse();
  }

  @Test
  void measuresTheGrowthFromTheBestAccuracyNotFromTheLast() {
    assertThat(stops(2, 0.25, 0.5, 0.625, 0.75)).isTrue();
    assertThat(stops(2, 0.25, 0.5, 0.625, 0.875)).isFalse();
  }

  @Test
  void hasNothingToJudgeBeforeTheFirstEpoch() {
    assertThat(stops(1, 0)).isFalse();
  }

  private static boolean stops(int patience, double minDelta, double... testAccuracies) {
    List<EpochMetrics> history = new ArrayList<>();
    for (double accuracy : testAccuracies) {
      history.add(
          new EpochMetrics(history.size() + 1, 1, 0.1, 1, 0.5, 1, accuracy, 0, 1, EpochTimes.NONE));
    }
    return new EarlyStoppingRule(new EarlyStopping(patience, minDelta)).stopsAfter(history);
  }
}
