package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that packs is killed; the next one goes on. */
class KilledPackIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int FILES = 300;

  @TempDir private Path directory;

  @Test
  void goesOnWhereItWasKilledAndLosesNothing() throws Exception {
    Path data = new DigitFiles(directory.resolve("data"), 3_000, 10).tar();
    Path killed = directory.resolve("killed");

    try (SubmittedJob job = pack(data, killed, "first")) {
      awaitFiles(job, killed, 20);
      job.kill();
    }
    List<Path> finished = files(killed);
    assertThat(finished).hasSizeBetween(20, FILES);
    assertThat(killed.resolve("_SUCCESS")).doesNotExist();
    long written = Files.getLastModifiedTime(finished.get(0)).toMillis();

    finish(pack(data, killed, "second"));
    Path whole = directory.resolve("whole");
    finish(pack(data, whole, "third"));

    assertThat(Files.getLastModifiedTime(finished.get(0)).toMillis()).isEqualTo(written);
    assertThat(files(killed)).hasSize(FILES + 1);
    for (Path file : files(whole)) {
      Path other = killed.resolve(file.getFileName());
      assertThat(Arrays.equals(Files.readAllBytes(file), Files.readAllBytes(other)))
          .as(other.toString())
          .isTrue();
    }
    assertThat(killed.resolve("_SUCCESS")).hasSameTextualContentAs(whole.resolve("_SUCCESS"));
    assertThat(killed.resolve("_unfinished")).doesNotExist();
  }

  private SubmittedJob pack(Path data, Path target, String name) throws IOException {
    return SubmittedJob.in(directory.resolve(name))
        .start("pack", "--data=" + data, "--to=" + target, "--images-per-file=10");
  }

  private static void finish(SubmittedJob started) throws Exception {
    try (SubmittedJob job = started) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
    }
  }

  private static void awaitFiles(SubmittedJob job, Path target, int count) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (files(target).size() < count) {
      assertThat(System.nanoTime()).as(job.errors()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }
}
