package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.WorkTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTimesTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void takesTheMeanOfWorkersThatHaveACoreEach() {
    EpochTimes times =
        RoundTimes.of(List.of(work("driver", 0, 6, 1), work("driver", 0, 4, 0)), 0.5, 8);

    // 10 s of work on two cores: 5 s, of which 0.5 s of waiting, and 1 s for the slowest.
    assertParts(times, 4.5, 0.5, 1, 0.5, 1.5);
  }

  @Test
  void takesWorkersThatFollowEachOtherForOneCore() {
    EpochTimes times =
        RoundTimes.of(
            List.of(
                work("driver", 0, 2, 0),
                work("driver", 0, 3, 0),
                work("driver", 2, 4, 0),
                work("driver", 3, 5, 0)),
            0,
            6);

    // 9 s of work on two cores, one of which idles in the last of 5 s.
    assertParts(times, 4.5, 0, 0.5, 0, 1);
  }

  @Test
  void neverComparesClocksOfTwoProcesses() {
    EpochTimes times =
        RoundTimes.of(List.of(work("0", 1_000, 1_003, 0), work("1", -50, -49, 0)), 0, 4);

    assertParts(times, 2, 0, 1, 0, 1);
  }

  @Test
  void leavesGapsWithoutAnyWorkToTheSchedule() {
    EpochTimes times =
        RoundTimes.of(List.of(work("driver", 0, 1, 0), work("driver", 3, 5, 0)), 0, 6);

    assertParts(times, 3, 0, 0, 0, 3);
  }

  @Test
  void takesWorkOfNoTimeForACoreNonetheless() {
    assertParts(RoundTimes.of(List.of(work("driver", 1, 1, 0)), 0, 2), 0, 0, 0, 0, 2);
  }

  @Test
  void measuresJoiningOnExecutorsFromTheEndOfTraining() {
    List<WorkTime> work = List.of(work("0", 10, 14, 0), work("1", 0, 2, 0));
    List<WorkTime> joins = List.of(work("0", 15, 17, 0), work("1", 4, 5, 0), work("2", 90, 91, 0));

    // Executor 0 sees 7 s from the first step to the last slice, 4 s of which are training.
    assertThat(RoundTimes.joiningSeconds(work, joins)).isEqualTo(3);
    assertThat(RoundTimes.joiningSeconds(work, List.of(work("2", 90, 91, 0)))).isZero();
  }

  private static WorkTime work(String process, long begin, long end, long wait) {
    return new WorkTime(process, begin * SECOND, end * SECOND, wait * SECOND);
  }

  private static void assertParts(
      EpochTimes times,
      double compute,
      double waiting,
      double imbalance,
      double reduce,
      double schedule) {
    EpochTimes expected = new EpochTimes(compute, waiting, imbalance, reduce, schedule, 0, 0);
    for (int part = 0; part < EpochTimes.PARTS.size(); part++) {
      assertThat(times.values().get(part))
          .as(EpochTimes.PARTS.get(part))
          .isCloseTo(expected.values().get(part), within(1e-9));
    }
  }
}
