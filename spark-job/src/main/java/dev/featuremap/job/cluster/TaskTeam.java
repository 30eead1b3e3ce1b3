package dev.featuremap.job.cluster;

import dev.featuremap.train.Team;
import org.apache.spark.TaskContext;

/** The threads of a Spark task: as many as {@code spark.task.cpus} gives it cores. */
public final class TaskTeam {
  private TaskTeam() {}

  /** Starts the team of the task that the calling thread runs. */
  public static Team start() {
    return new Team(TaskContext.get().cpus());
  }
}
