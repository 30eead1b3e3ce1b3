package dev.featuremap.job.golden;

import static dev.featuremap.job.golden.GoldenFiles.command;
import static dev.featuremap.job.golden.GoldenFiles.expected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.ParquetFolder;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Directories that an earlier version's {@code pack} and {@code predict} have filled. */
class GoldenDirectoriesTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;
  private GoldenFiles files;

  @BeforeEach
  void copy() throws IOException {
    files = new GoldenFiles(directory);
    files.move("packed/_pack.json");
    files.move("predicted/_predict.json");
  }

  @Test
  void packedImagesTrainToTheSameBits() {
    files.train("packed", "--data", files.uri("packed"), "--set", "data.ids=explicit");

    assertThat(files.json("new/packed/result.json").get("parameters-sha256").asText())
        .isEqualTo(expected("packed.parameters-sha256"));
    // The names of the classes too.
    assertThat(newestModel("new/packed")).hasSameBinaryContentAs(newestModel("runs/finished"));
  }

  private Path newestModel(String run) {
    List<String> checkpoints = files.names(run + "/checkpoints");
    String newest = checkpoints.get(checkpoints.size() - 1);
    return files.path(run + "/checkpoints/" + newest + "/model.safetensors");
  }

  @Test
  void aPackedDirectoryIsFoundComplete() {
    assertNothingWritten("packed", this::pack);
  }

  @Test
  void packingGoesOn() throws IOException {
    List<String> before = rows("packed");
    List<String> names = files.names("packed");
    String success = files.text("packed/_SUCCESS");
    lose("packed", parquet("packed").get(1));
    SortedMap<String, String> rest = new RunFolder(files.path("packed")).snapshot();

    pack();

    assertThat(new RunFolder(files.path("packed")).snapshot()).containsAllEntriesOf(rest);
    assertThat(files.names("packed")).containsAll(names);
    assertThat(files.text("packed/_SUCCESS")).isEqualTo(success);
    assertThat(rows("packed")).isEqualTo(before);
  }

  @Test
  void aDirectoryOfPredictionsIsFoundComplete() {
    assertNothingWritten("predicted", () -> predict("predicted"));
  }

  @Test
  void predictionsAreTheSame() throws IOException {
    predict("anew");

    assertThat(rows("anew")).containsExactlyInAnyOrderElementsOf(rows("predicted"));
    assertThat(files.text("anew/_SUCCESS"))
        .isEqualTo(files.moved(files.text("predicted/_SUCCESS")));
  }

  @Test
  void predictingGoesOn() throws IOException {
    List<String> before = rows("predicted");
    Path part = parquet("predicted").get(1);
    int lost = rows(part).size();
    lose("predicted", part);
    SortedMap<String, String> rest = new RunFolder(files.path("predicted")).snapshot();

    String said = predict("predicted");

    assertThat(said)
        .contains("%s of %s images are finished".formatted(before.size() - lost, before.size()));
    assertThat(new RunFolder(files.path("predicted")).snapshot()).containsAllEntriesOf(rest);
    assertThat(rows("predicted")).containsExactlyInAnyOrderElementsOf(before);
    assertThat(files.names("predicted")).contains("_start-00000001", "_start-00000002");
  }

  /** Leaves a directory as a kill does: a file is missing, and so is the mark of the end. */
  private void lose(String name, Path part) throws IOException {
    Files.delete(part);
    Files.delete(part.resolveSibling("." + part.getFileName() + ".crc"));
    Files.delete(files.path(name).resolve("_SUCCESS"));
  }

  private interface Command {
    String run();
  }

  private void assertNothingWritten(String directoryName, Command command) {
    RunFolder folder = new RunFolder(files.path(directoryName));
    SortedMap<String, String> before = folder.snapshot();

    assertThat(command.run()).contains("is complete; nothing was written");

    assertThat(folder.snapshot()).isEqualTo(before);
  }

  private String pack() {
    return command(
        "pack",
        "--data",
        files.uri("images"),
        "--to",
        files.uri("packed"),
        "--images-per-file",
        "20");
  }

  private String predict(String target) {
    return command(
        "predict",
        "--run",
        files.uri("runs/finished"),
        "--data",
        files.uri("images"),
        "--to",
        files.uri(target),
        "--images-per-file",
        "6");
  }

  private List<Path> parquet(String name) throws IOException {
    return new ParquetFolder(files.path(name)).files();
  }

  /** The rows of all files in order, with their fields and values as text. */
  private List<String> rows(String name) throws IOException {
    List<String> rows = new ArrayList<>();
    for (Path file : parquet(name)) {
      rows.addAll(rows(file));
    }
    return rows;
  }

  private List<String> rows(Path file) throws IOException {
    List<String> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(new Configuration())
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(files.moved(row.toString()));
      }
    }
    return rows;
  }
}
