package dev.featuremap.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A directory that commands in processes of their own fill with Parquet files. */
public final class ParquetFolder {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Path directory;

  /** A directory that need not exist yet. */
  public ParquetFolder(Path directory) {
    this.directory = directory;
  }

  /** The files so far, in order of name. */
  public List<Path> files() throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  /** Waits until a job has written so many files. */
  public void awaitFiles(SubmittedJob job, int count) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (files().size() < count) {
      assertThat(System.nanoTime()).as(job.errors()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** Waits for a job to succeed. */
  public static void finish(SubmittedJob started) throws Exception {
    try (SubmittedJob job = started) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
    }
  }
}
