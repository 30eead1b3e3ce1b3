package dev.featuremap.job.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetriesTest {
  private static final Path PATH = new Path("s3a://bucket/run");
  private static final Retries IMPATIENT =
      new Retries(Duration.ofMillis(8), Duration.ofMillis(32), Duration.ofMillis(400));

  private final List<Long> attempts = new ArrayList<>();
  private final Outage outage = new Outage();

  static List<IOException> permanent() {
    return List.of(
        new FileNotFoundException("x"),
        new AccessDeniedException("x"),
        new PathIsDirectoryException("x"),
        new ChecksumException("x", 0),
        new AccessControlException("x"),
        new DSQuotaExceededException("x"),
        new IOException("No space left on device"),
        new IOException("Disk quota exceeded"),
        new IOException("Failed on local exception", new AccessControlException("no ticket")),
        new FileAlreadyExistsException("x"),
        new ParentNotDirectoryException("x"),
        new UnsupportedFileSystemException("x"));
  }

  @ParameterizedTest
  @MethodSource("permanent")
  void tryNothingAgainThatStaysAsItIs(IOException failure) {
    assertThat(catchThrowable(() -> run(IMPATIENT, failure))).isSameAs(failure);
    assertThat(attempts).hasSize(1);
  }

  @Test
  void waitForAHostOnlyWhereItWasKnownBefore() throws Exception {
    IOException unknown = new UnknownHostException("no.such.host.invalid");
    assertThat(catchThrowable(() -> run(IMPATIENT, unknown))).isSameAs(unknown);
    assertThat(catchThrowable(() -> run(IMPATIENT, unknown))).isSameAs(unknown);
    assertThat(attempts).hasSize(2);
    IMPATIENT.run(outage, "read", PATH, () -> "an answer");

    JobException failure = catchThrowableOfType(JobException.class, () -> run(IMPATIENT, unknown));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(attempts).hasSizeGreaterThan(7);
  }

  @Test
  void giveUpAtTheDeadlineAndSayAfterHowMuch() {
    long begin = System.nanoTime();
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> run(IMPATIENT, new IOException("503 Slow Down")));
    long millis = (System.nanoTime() - begin) / 1_000_000;

    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(failure)
        .hasMessageMatching(
            "Cannot read s3a://bucket/run: storage must answer within the deadline, got %s failures in \\d+ ms, the last: java\\.io\\.IOException: 503 Slow Down\\. Submit the same command again when the store works\\."
                .formatted(attempts.size()));
    // The last pause may be as long as three halves of the longest mean.
    assertThat(millis).isBetween(400L - 48, 5_000L);
    assertThat(attempts).hasSizeGreaterThan(5);
  }

  @Test
  void waitOutOneOutageOnlyOnce() {
    IOException busy = new IOException("busy");
    assertThat(catchThrowable(() -> run(IMPATIENT, busy))).isInstanceOf(JobException.class);
    attempts.clear();

    assertThat(catchThrowable(() -> run(IMPATIENT, busy))).isInstanceOf(JobException.class);
    assertThat(attempts).hasSizeLessThan(5);
  }

  @Test
  void waitAgainOnceTheStoreHasAnswered() throws Exception {
    IOException busy = new IOException("busy");
    assertThat(catchThrowable(() -> run(IMPATIENT, busy))).isInstanceOf(JobException.class);
    IMPATIENT.run(outage, "read", PATH, () -> "an answer");
    attempts.clear();

    assertThat(catchThrowable(() -> run(IMPATIENT, busy))).isInstanceOf(JobException.class);
    assertThat(attempts).hasSizeGreaterThan(5);
  }

  @Test
  void pauseLongerAfterEachFailureUpToABound() {
    assertThat(catchThrowable(() -> run(IMPATIENT, new IOException("busy")))).isNotNull();

    // Means of 8, 16, 32, 32 … ms, between half and one and a half of each.
    assertThat(attempts.get(1) - attempts.get(0)).isBetween(4L, 100L);
    assertThat(attempts.get(2) - attempts.get(1)).isBetween(8L, 100L);
    assertThat(attempts.get(3) - attempts.get(2)).isBetween(16L, 150L);
    assertThat(attempts.get(4) - attempts.get(3)).isBetween(16L, 150L);
  }

  @Test
  void endWhenTheThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    IOException cause = new IOException("busy");
    JobException failure =
        catchThrowableOfType(JobException.class, () -> run(Retries.DEFAULT, cause));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(failure)
        .hasMessage(
            "Cannot read s3a://bucket/run: interrupted while waiting to try again after java.io.IOException: busy.")
        .hasCause(cause);
    assertThat(cause.getSuppressed()).hasSize(1);
  }

  private void run(Retries retries, IOException failure) throws IOException {
    retries.run(
        outage,
        "read",
        PATH,
        () -> {
          attempts.add(System.nanoTime() / 1_000_000);
          throw failure;
        });
  }
}
