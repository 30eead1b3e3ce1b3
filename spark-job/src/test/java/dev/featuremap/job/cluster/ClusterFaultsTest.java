package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

class ClusterFaultsTest {
  private final ClusterFaults faults = new ClusterFaults();

  @Test
  void areNoneWhereTasksSucceed() {
    ended(Success$.MODULE$);

    assertThat(faults).hasToString("none");
  }

  @Test
  void countLostExecutorsAndFailedTasks() {
    removed("Command exited with code 137");
    ended(new ExecutorLostFailure("1", true, Option.apply("worker lost")));
    ended(new ExecutorLostFailure("1", true, Option.apply("worker lost")));

    assertThat(faults).hasToString("1 executor lost, 2 tasks failed");
  }

  @Test
  void leaveOutWhatWasEndedOnPurpose() {
    removed("Executor killed by driver.");
    ended(new TaskKilled("another attempt succeeded", none(), none(), none()));

    assertThat(faults).hasToString("none");
  }

  private static <T> Seq<T> none() {
    return CollectionConverters.asScala(List.<T>of()).toSeq();
  }

  private void removed(String reason) {
    faults.onExecutorRemoved(new SparkListenerExecutorRemoved(0, "1", reason));
  }

  private void ended(TaskEndReason reason) {
    faults.onTaskEnd(
        new SparkListenerTaskEnd(0, 0, "ResultTask", reason, null, new ExecutorMetrics(), null));
  }
}
