package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.ParquetFolder;
import dev.featuremap.job.testing.SampleNetworks;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A prediction that is killed goes on where it was, in a process that has never seen the first. */
class KilledPredictIT {
  private static final int IMAGES = 3_000;
  private static final String NETWORK =
      """
      input.shape = [1, 28, 28]
      layers = [
        { type = convolution, feature-maps = 32, field = 5 }, { type = max-pool }
        { type = convolution, feature-maps = 32, field = 5 }, { type = max-pool }
        { type = fully-connected, outputs = 10 }
      ]
      """;

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private Path data;
  private Path model;

  @BeforeEach
  void writeDigitsAndModel() throws IOException {
    data = new DigitFiles(directory.resolve("data"), IMAGES, 10).tar();
    model = directory.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(model)) {
      SampleNetworks.random(NETWORK, List.of()).write(out);
    }
  }

  @Test
  void keepsWhatIsFinishedAndPredictsEachOfTheOthersOnce() throws Exception {
    Path killed = directory.resolve("killed");

    try (SubmittedJob job = predict(killed, "first")) {
      new ParquetFolder(killed).awaitFiles(job, 20);
      job.kill();
    }
    Map<Path, FileTime> finished = times(killed);
    assertThat(killed.resolve("_SUCCESS")).doesNotExist();

    ParquetFolder.finish(predict(killed, "second"));
    Path whole = directory.resolve("whole");
    ParquetFolder.finish(predict(whole, "third"));

    assertThat(times(killed)).containsAllEntriesOf(finished);
    assertThat(rows(killed)).hasSize(IMAGES + 10).isEqualTo(rows(whole));
    assertThat(killed.resolve("_unfinished")).doesNotExist();
  }

  @Test
  void leavesTheWorkToTheLastOfTwoAtWorkAtOnce() throws Exception {
    Path target = directory.resolve("target");

    try (SubmittedJob first = predict(target, "first")) {
      new ParquetFolder(target).awaitFiles(first, 5);
      first.pause();
      try (SubmittedJob second = predict(target, "second")) {
        new ParquetFolder(target).awaitFiles(second, 20);
        first.goOn();
        assertThat(first.waitFor(TrainingRuns.LIMIT)).as(first.errors()).isEqualTo(75);
        assertThat(first.errors()).contains("start 2 has taken over. That one goes on.");
        assertThat(second.waitFor(TrainingRuns.LIMIT)).as(second.errors()).isZero();
      }
    }

    assertThat(rows(target)).hasSize(IMAGES + 10);
  }

  /** The text of each row by its id, of which there is one. */
  private static SortedMap<Long, String> rows(Path target) throws IOException {
    SortedMap<Long, String> rows = new TreeMap<>();
    for (Path file : new ParquetFolder(target).files()) {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toString());
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), path).build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          assertThat(rows.put(row.getLong("id", 0), row.toString())).isNull();
        }
      }
    }
    return rows;
  }

  private static Map<Path, FileTime> times(Path target) throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path file : new ParquetFolder(target).files()) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    return times;
  }

  private SubmittedJob predict(Path target, String name) throws IOException {
    return SubmittedJob.in(directory.resolve(name))
        .start(
            "predict",
            "--checkpoint=" + model,
            "--data=" + data,
            "--to=" + target,
            "--images-per-file=30");
  }
}
