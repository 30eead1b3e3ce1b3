package dev.featuremap.job.training.rounds;

import dev.featuremap.train.JoinedVector;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.util.List;

/**
 * What a round brings back to the driver.
 *
 * @param reports what each worker tells of its part, in worker order, without its vector
 * @param joined the vectors of all workers, joined
 * @param joiningSeconds how long joining them took
 */
public record RoundOutcome(List<WorkerResult> reports, JoinedVector joined, double joiningSeconds) {

  /** When each worker was at work. */
  List<WorkTime> work() {
    return reports.stream().map(WorkerResult::time).toList();
  }
}
