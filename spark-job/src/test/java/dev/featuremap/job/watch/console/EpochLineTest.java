package dev.featuremap.job.watch.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLineTest {

  private static EpochMetrics epoch(int number, double seconds) {
    return new EpochMetrics(
        number,
        number,
        0.1,
        0.1234,
        0.9641,
        0.11021,
        0.968,
        0.5,
        152_000,
        EpochTimes.ofEvaluate(seconds));
  }

  @Test
  void hasTheSameWordsInTheSamePlaces() {
    assertThat(EpochLine.of(List.of(epoch(1, 3), epoch(2, 1)), 15))
        .isEqualTo(
            "epoch  2/15  train loss 0.1234  accuracy 96.41 %  test loss 0.1102  accuracy 96.80 %"
                + "  152,000 images/s  1.0 s  ETA 0:26");
  }

  @Test
  void estimatesByTheLastThreeEpochs() {
    List<EpochMetrics> history = List.of(epoch(1, 100), epoch(2, 2), epoch(3, 2), epoch(4, 2));
    assertThat(EpochLine.remainingSeconds(history, 10)).isEqualTo(12);
  }

  @Test
  void writesHoursOnlyWhenThereAreSome() {
    assertThat(EpochLine.clock(7)).isEqualTo("0:07");
    assertThat(EpochLine.clock(750)).isEqualTo("12:30");
    assertThat(EpochLine.clock(3723)).isEqualTo("1:02:03");
  }
}
