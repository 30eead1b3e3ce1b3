package dev.featuremap.job.watch;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunStatus;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;

/**
 * What is known when a driver starts a run, or goes on with one.
 *
 * @param config what the run is told
 * @param directory the run's
 * @param status which attempt this is, of which application
 * @param isNew false when the directory was there before, whatever came of that attempt
 * @param places how many tasks can run at once; empty where that is not known yet
 * @param history one entry for each epoch that is done
 * @param nextRound the round to run next in the epoch in progress, from 0
 */
public record RunStart(
    JobConfig config,
    Path directory,
    RunStatus status,
    boolean isNew,
    OptionalInt places,
    List<EpochMetrics> history,
    int nextRound) {

  /** True when the run goes on from a checkpoint. */
  public boolean resumes() {
    return !history.isEmpty() || nextRound > 0;
  }
}
