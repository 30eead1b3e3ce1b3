package dev.featuremap.job.watch.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunId;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.record.RunTimes;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeTableTest {

  @Test
  void saysNothingOfAnEstimateThatNobodyMade() {
    assertThat(lines(new RunTimes(1, 1, EpochTimes.NONE), EpochTimes.UNKNOWN))
        .hasSize(4)
        .noneMatch(line -> line.startsWith("estimated"));
  }

  @Test
  void keepsThreeDigitsThatCount() {
    assertThat(lines(new RunTimes(0, 0, EpochTimes.ofEvaluate(0.5)), EpochTimes.UNKNOWN).get(1))
        .endsWith(" 0.500       0.000   0.500");
    assertThat(lines(new RunTimes(12.34, 0, EpochTimes.NONE), EpochTimes.UNKNOWN).get(1))
        .startsWith("run          12.3     0.0 ");
  }

  @Test
  void staysReadableWhereARunTakesDays() {
    List<String> lines = lines(new RunTimes(12, 1234567, EpochTimes.NONE), EpochTimes.UNKNOWN);

    assertThat(lines.get(1)).startsWith("run            12 1,234,567        0 ");
  }

  private static List<String> lines(RunTimes times, EpochTimes estimate) {
    return TimeTable.of(
            new RunResult(
                RunId.of("r"),
                RunStatus.State.FINISHED,
                10,
                0.9,
                0.1,
                1,
                1,
                "abc",
                "scalar",
                2,
                0,
                times,
                estimate,
                "file:/c"))
        .lines()
        .toList();
  }
}
