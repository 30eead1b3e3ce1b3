package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.ParquetFolder;
import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that packs is killed; the next one goes on. */
class KilledPackIT {
  private static final int FILES = 150;

  @TempDir private Path directory;

  @Test
  void goesOnWhereItWasKilledAndLosesNothing() throws Exception {
    Path data = new DigitFiles(directory.resolve("data"), 1_500, 10).tar();
    Path killed = directory.resolve("killed");

    try (SubmittedJob job = pack(data, killed, "first")) {
      new ParquetFolder(killed).awaitFiles(job, 20);
      job.kill();
    }
    List<Path> finished = new ParquetFolder(killed).files();
    assertThat(finished).hasSizeBetween(20, FILES);
    assertThat(killed.resolve("_SUCCESS")).doesNotExist();
    long written = Files.getLastModifiedTime(finished.get(0)).toMillis();

    ParquetFolder.finish(pack(data, killed, "second"));
    Path whole = directory.resolve("whole");
    ParquetFolder.finish(pack(data, whole, "third"));

    assertThat(Files.getLastModifiedTime(finished.get(0)).toMillis()).isEqualTo(written);
    assertThat(new ParquetFolder(killed).files()).hasSize(FILES + 1);
    for (Path file : new ParquetFolder(whole).files()) {
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
        .light()
        .start("pack", "--data=" + data, "--to=" + target, "--images-per-file=10");
  }
}
