package dev.featuremap.job.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.ModelLocation;
import dev.featuremap.job.testing.Pictures;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.train.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PredictJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static Path digits;
  private static SmallRun run;
  private static Evaluation evaluation;

  private final StringWriter said = new StringWriter();
  private Path target;

  @BeforeAll
  static void train() throws IOException {
    digits = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run = SmallRun.of(digits, directory.resolve("runs"));
    run.train();
    evaluation = run.evaluate();
  }

  @BeforeEach
  void nameTarget(TestInfo test) {
    target = directory.resolve(test.getTestMethod().orElseThrow().getName());
  }

  @Test
  void predictsEveryImageOnceAsEvaluationDoes() throws IOException {
    predict(digits);

    List<Group> rows = rows();
    assertThat(rows.stream().map(row -> row.getLong("id", 0)))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, SmallRun.TEST_IMAGES).boxed().toList());
    for (int c = 0; c < 10; c++) {
      int predicted = c;
      long expected = 0;
      for (int label = 0; label < 10; label++) {
        expected += evaluation.confusion().count(label, c);
      }
      assertThat(rows.stream().filter(row -> row.getInteger("prediction", 0) == predicted))
          .hasSize((int) expected);
    }
    assertThat(said.toString()).endsWith("complete in %s%n".formatted(uri(target)));
    assertThat(target.resolve("_SUCCESS"))
        .content()
        .startsWith(
            "{\"images\":200,\"bad-records\":0,\"model\":\"%s/checkpoints/"
                .formatted(run.directory().root()));
  }

  @Test
  void writesProbabilitiesThatSumToOneAndTheLargest() throws IOException {
    predict(digits);

    for (Group row : rows()) {
      Group list = row.getGroup("probabilities", 0);
      double sum = 0;
      float largest = 0;
      for (int c = 0; c < list.getFieldRepetitionCount("list"); c++) {
        float probability = list.getGroup("list", c).getFloat("element", 0);
        sum += probability;
        largest = Math.max(largest, probability);
      }
      int prediction = row.getInteger("prediction", 0);
      assertThat(sum).isCloseTo(1, within(1e-5));
      assertThat(list.getGroup("list", prediction).getFloat("element", 0)).isEqualTo(largest);
      assertThat(row.getString("label", 0)).isEqualTo(Integer.toString(prediction));
    }
  }

  @Test
  void goesOnWithTheImagesThatAreMissing() throws IOException {
    predict(digits);
    Path lost = parts().get(1);
    long lostRows = read(lost).size();
    Files.delete(lost);
    Files.delete(target.resolve("_SUCCESS"));
    SortedMap<String, String> kept = new RunFolder(target).snapshot();

    predict(digits);

    assertThat(said.toString()).contains("%d of 200 images are finished".formatted(200 - lostRows));
    SortedMap<String, String> now = new RunFolder(target).snapshot();
    assertThat(now).containsAllEntriesOf(kept);
    assertThat(rows().stream().map(row -> row.getLong("id", 0)))
        .hasSize(SmallRun.TEST_IMAGES)
        .doesNotHaveDuplicates();
  }

  @Test
  void writesNothingWhereAllIsComplete() throws IOException {
    predict(digits);
    SortedMap<String, String> complete = new RunFolder(target).snapshot();

    predict(digits);

    assertThat(new RunFolder(target).snapshot()).isEqualTo(complete);
    assertThat(said.toString()).contains("is complete; nothing was written");
  }

  @Test
  void readsImagesWithoutLabels() throws IOException {
    Path photos = Files.createDirectories(directory.resolve("photos/some"));
    for (int k = 0; k < 3; k++) {
      Files.write(photos.resolve(k + ".png"), Pictures.greyPng(new byte[28 * 28], 0, 28, 28));
    }
    Files.write(photos.resolveSibling("top.png"), Pictures.greyPng(new byte[784], 0, 28, 28));

    predict(directory.resolve("photos"));

    assertThat(rows().stream().map(row -> Path.of(row.getString("path", 0)).getFileName()))
        .map(Path::toString)
        .containsExactlyInAnyOrder("0.png", "1.png", "2.png", "top.png");
  }

  @Test
  void saysOfEachBadImageWhatIsWrong() throws IOException {
    Path photos = Files.createDirectories(directory.resolve("damaged"));
    Files.write(photos.resolve("0.png"), Pictures.greyPng(new byte[28 * 28], 0, 28, 28));
    Files.write(photos.resolve("1.png"), new byte[100]);

    assertThatThrownBy(() -> predict(photos))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessageStartingWith(
            "Cannot finish predicting into %s: data.max-bad-records allows 0 unusable, got 1:%n  record 1 in file:%s: "
                .formatted(uri(target), photos.resolve("1.png")));
    predict(photos, "data.max-bad-records=1");

    assertThat(said.toString()).contains("warning: 1 unusable records have no prediction:");
    assertThat(rows().stream().filter(row -> row.getFieldRepetitionCount("error") == 1))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getLong("id", 0)).isEqualTo(1);
              assertThat(row.getFieldRepetitionCount("prediction")).isZero();
            });
  }

  @Test
  void refusesTheDirectoryOfOtherImages() throws IOException {
    predict(digits);
    Path photos = Files.createDirectories(directory.resolve("others"));
    Files.write(photos.resolve("0.png"), Pictures.greyPng(new byte[28 * 28], 0, 28, 28));

    assertThatThrownBy(() -> predict(photos))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageStartingWith(
            "Cannot predict into %s: it was begun with other images or other settings, expected "
                .formatted(uri(target)));
  }

  @Test
  void refusesMoreImagesThanItCanTellApart() {
    PredictJob.requireCountable(Integer.MAX_VALUE);

    assertThatThrownBy(() -> PredictJob.requireCountable(1L << 31))
        .hasMessage(
            "Cannot predict 2,147,483,648 images: expected at most 2^31 - 1. Name a part of them with data.test.");
  }

  private void predict(Path data, String... settings) {
    List<String> assignments = new ArrayList<>(List.of(settings));
    assignments.add("data.path=" + data);
    new PredictJob(new Configuration(), new PrintWriter(said))
        .run(
            new PredictRequest(
                ModelLocation.ofRun(run.directory().root()),
                JobConfigLoader.of(new Configuration())
                    .load(
                        ConfigRequest.defaults()
                            .withAssignments(assignments.toArray(String[]::new)))
                    .data(),
                uri(target),
                30));
  }

  private static org.apache.hadoop.fs.Path uri(Path path) {
    return new org.apache.hadoop.fs.Path("file:" + path);
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("part-.*\\.parquet"))
          .sorted()
          .toList();
    }
  }

  private List<Group> rows() throws IOException {
    List<Group> rows = new ArrayList<>();
    for (Path part : parts()) {
      rows.addAll(read(part));
    }
    return rows;
  }

  private static List<Group> read(Path file) throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), uri(file)).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }
}
