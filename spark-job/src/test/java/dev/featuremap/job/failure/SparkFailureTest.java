package dev.featuremap.job.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.SocketException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scala.collection.immutable.Map;

/** What a failure of Spark means is found wherever it is in the chain of causes. */
class SparkFailureTest {
  private static Throwable ofFile(Throwable cause) {
    return new SparkException(
        "FAILED_READ_FILE.NO_HINT", new Map.Map1<>("path", "hdfs://n/a%20b/x%2525.parquet"), cause);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            ofFile(new RuntimeException("hdfs://n/a b/x%25.parquet is not a Parquet file")),
            "65 Cannot read hdfs://n/a b/x%25.parquet: it is damaged, or of another format (it is not a Parquet file). Write it again, or take it away."),
        Arguments.of(
            ofFile(new IOException("could not read page", new IOException("FAILED"))),
            "65 Cannot read hdfs://n/a b/x%25.parquet: it is damaged, or of another format (FAILED). Write it again, or take it away."),
        Arguments.of(
            ofFile(new SocketException("Connection reset")),
            "74 Cannot read hdfs://n/a b/x%25.parquet: java.net.SocketException: Connection reset."),
        Arguments.of(
            ofFile(new FileNotFoundException("/x (Permission denied)")),
            "66 Cannot read hdfs://n/a b/x%25.parquet: permission is denied."),
        Arguments.of(
            ofFile(new FileNotFoundException("x")),
            "66 Cannot read hdfs://n/a b/x%25.parquet: it does not exist."),
        Arguments.of(
            new SparkException(
                "Job aborted",
                new FileNotFoundException("/s/blockmgr/0c/x (No space left on device)")),
            "73 Cannot go on: the disk of /s/blockmgr/0c/x is full (/s/blockmgr/0c/x (No space left on device)). Free space or inodes there, or set spark.local.dir to a larger disk."),
        Arguments.of(
            new SparkException(
                "Job aborted", new FileSystemException("/s/x", null, "No space left on device")),
            "73 Cannot go on: the disk of /s/x is full (/s/x: No space left on device). Free space or inodes there, or set spark.local.dir to a larger disk."),
        Arguments.of(
            new RuntimeException(new IOException("No space left on device")),
            "73 Cannot go on: a local disk of Spark's (%s) is full (No space left on device). Free space or inodes there, or set spark.local.dir to a larger disk."
                .formatted(System.getProperty("java.io.tmpdir"))),
        Arguments.of(
            new SparkException("Job aborted", new IOException("No route")),
            "74 Cannot go on: storage failed, No route. Start the command again when storage works."));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void hasOneLineAndACode(Throwable failure, String expected) {
    JobException told = SparkFailure.explain(new RuntimeException(failure)).orElseThrow();

    assertThat(told.exitCode().code() + " " + told.getMessage()).isEqualTo(expected);
  }

  @Test
  void leavesDefectsToThoseWhoMendThem() {
    assertThat(SparkFailure.explain(new NullPointerException())).isEmpty();
    assertThat(SparkFailure.explain(new SparkException("Job aborted"))).isEmpty();
    assertThat(
            SparkFailure.explain(
                new SparkException("Task not serializable", new NotSerializableException("x"))))
        .isEmpty();
  }

  @Test
  void saysThatALostResultMeansMemory() {
    SparkException lost =
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 13.0 failed 1 times, most recent failure: Lost task 0.0 in stage 13.0 (TID 64) (localhost executor driver): TaskResultLost (result lost from block manager)\nDriver stacktrace:");

    JobException told = SparkFailure.explain(lost).orElseThrow();

    assertThat(told.exitCode()).isEqualTo(ExitCode.INTERNAL);
    assertThat(told)
        .hasMessageStartingWith(
            "Cannot go on: the result of a task is lost, most likely because the driver has no memory left, got a heap of ")
        .hasMessageEndingWith(
            " MiB. Raise spark.driver.memory; where workers train in the same process, lower train.batch-size or let fewer work at once by spark.task.cpus.");
  }

  @Test
  void seesAFullDiskThroughWhateverWrapsIt() {
    IOException full = new IOException("No space left on device");

    assertThat(SparkFailure.isFull(new RuntimeException(new IllegalStateException(full)))).isTrue();
    assertThat(SparkFailure.isFull(JobException.cannotWrite("x", full))).isFalse();
    assertThat(SparkFailure.isFull(new IOException("busy"))).isFalse();
  }

  @Test
  void decodesTheNamesThatSparkGivesToFiles() {
    assertThat(SparkUri.decoded("file:///a%20b/c%2520%23")).isEqualTo("file:///a b/c%20#");
    assertThat(SparkUri.decoded("s3a://bucket/a%3Ab")).isEqualTo("s3a://bucket/a:b");
    assertThat(SparkUri.decoded("/a/b")).isEqualTo("/a/b");
    assertThat(SparkUri.decoded("a b%zz")).isEqualTo("a b%zz");
    assertThat(new Path(SparkUri.decoded("file:///a%2541"))).isEqualTo(new Path("file:///a%41"));
  }
}
