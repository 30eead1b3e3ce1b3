package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
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
      // Rows, since Parquet lists encodings in the order of a hash set of the process.
      assertThat(rows(other)).as(other.toString()).isEqualTo(rows(file));
    }
    assertThat(killed.resolve("_SUCCESS")).hasSameTextualContentAs(whole.resolve("_SUCCESS"));
    assertThat(killed.resolve("_unfinished")).doesNotExist();
  }

  /** Each row as text, image bytes in full. */
  private static List<String> rows(Path file) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toString());
    List<String> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        byte[] image = row.getGroup("image", 0).getBinary("bytes", 0).getBytes();
        rows.add(HexFormat.of().formatHex(image) + row);
      }
    }
    return rows;
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
