package dev.featuremap.job.training.run;

import dev.featuremap.job.cluster.ClusterFaults;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.training.rounds.SetupTimes;
import java.time.Instant;
import java.util.Optional;

/**
 * One driver's attempt at a run.
 *
 * @param number drivers that have worked on the run, this one included
 * @param started when the first of them started
 * @param preparation what came before the first round, in all attempts; nothing until then
 * @param faults what Spark survives in this attempt
 */
record Attempt(int number, Instant started, SetupTimes preparation, ClusterFaults faults) {

  /** The attempt after those that {@code earlier} tells of. */
  static Attempt after(Optional<RunState> earlier, ClusterFaults faults) {
    return new Attempt(
        earlier.map(RunState::attempts).orElse(0) + 1,
        earlier.map(RunState::started).orElseGet(RunViews::now),
        earlier.map(RunState::preparation).orElse(SetupTimes.NONE),
        faults);
  }

  /** The same attempt, about to run its first round. */
  Attempt prepared(SetupTimes its) {
    return new Attempt(number, started, its.after(preparation), faults);
  }
}
