package dev.featuremap.job.training.rounds;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.train.WorkTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Makes seconds of workers, many of which pass at once, the parts of a round's wall time. */
final class RoundTimes {
  private RoundTimes() {}

  /**
   * The parts of a round, by the rules of {@link EpochTimes}.
   *
   * @param work of each worker
   * @param reduce seconds of joining
   * @param seconds of the whole round
   */
  static EpochTimes of(List<WorkTime> work, double reduce, double seconds) {
    double training = busySeconds(work);
    int cores = byProcess(work).stream().mapToInt(RoundTimes::mostAtOnce).sum();
    double worked = seconds(work, WorkTime::nanos) / cores;
    double waited = seconds(work, WorkTime::waitNanos) / cores;
    return new EpochTimes(
        worked - waited, waited, training - worked, reduce, seconds - training - reduce, 0, 0);
  }

  /**
   * How long joining took where executors did it: from the end of training to the last slice that
   * is joined, seen by the process that saw most of it.
   *
   * @param work of each worker
   * @param joins of each slice
   */
  static double joiningSeconds(List<WorkTime> work, List<WorkTime> joins) {
    Map<String, Long> begins =
        work.stream().collect(Collectors.toMap(WorkTime::process, WorkTime::beginNanos, Math::min));
    long longest =
        joins.stream()
            .filter(join -> begins.containsKey(join.process()))
            .mapToLong(join -> join.endNanos() - begins.get(join.process()))
            .max()
            .orElse(0);
    return Math.max(0, longest / 1e9 - busySeconds(work));
  }

  /** How long at least one worker was at work, in the process where that took longest. */
  static double busySeconds(List<WorkTime> work) {
    return byProcess(work).stream().mapToLong(RoundTimes::busyNanos).max().orElse(0) / 1e9;
  }

  private static double seconds(List<WorkTime> work, ToLongFunction<WorkTime> nanos) {
    return work.stream().mapToLong(nanos).sum() / 1e9;
  }

  private static Collection<List<WorkTime>> byProcess(List<WorkTime> work) {
    return work.stream().collect(Collectors.groupingBy(WorkTime::process)).values();
  }

  /** From the first begin to the last end, without the gaps between. */
  private static long busyNanos(List<WorkTime> ofProcess) {
    long[] begins = sorted(ofProcess, WorkTime::beginNanos);
    long[] ends = sorted(ofProcess, WorkTime::endNanos);
    long busy = ends[ends.length - 1] - begins[0];
    for (int k = 1; k < begins.length; k++) {
      busy -= Math.max(0, begins[k] - ends[k - 1]);
    }
    return busy;
  }

  private static int mostAtOnce(List<WorkTime> ofProcess) {
    long[] begins = sorted(ofProcess, WorkTime::beginNanos);
    long[] ends = sorted(ofProcess, WorkTime::endNanos);
    int most = 0;
    int ended = 0;
    for (int begun = 0; begun < begins.length; begun++) {
      while (ended < begun && ends[ended] <= begins[begun]) {
        ended++;
      }
      most = Math.max(most, begun + 1 - ended);
    }
    return most;
  }

  private static long[] sorted(List<WorkTime> work, ToLongFunction<WorkTime> nanos) {
    return work.stream().mapToLong(nanos).sorted().toArray();
  }
}
