package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftRuleTest {

  @Test
  void saysNothingWhileAveragesKeepMostOfTheWay() {
    assertThat(DriftRule.warning(drifts(0))).isEmpty();
    assertThat(DriftRule.warning(drifts(1.2, 1.9, 2))).isEmpty();
  }

  @Test
  void tellsHowMuchOfTheWayIsLost() {
    assertThat(DriftRule.warning(drifts(1.2, 2.5)))
        .contains(
            "in epoch 2 the workers' average went 37 % of the way that a worker went (drift 2.50); lower train.workers, or set sync.outer or a shorter sync.every");
  }

  @Test
  void saysItOnceInARun() {
    assertThat(DriftRule.warning(drifts(2.5, 3))).isEmpty();
    assertThat(DriftRule.warning(drifts(2.5, 1, 3))).isEmpty();
  }

  private static List<EpochMetrics> drifts(double... drifts) {
    return Arrays.stream(drifts)
        .mapToObj(drift -> new EpochMetrics(2, 1, 0.1, 1, 0.5, 1, 0.5, drift, 1, EpochTimes.NONE))
        .toList();
  }
}
