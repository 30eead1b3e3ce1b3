package dev.featuremap.job.commands.predict;

import static java.time.temporal.ChronoUnit.MICROS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.testing.AsciiLocale;
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
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static Path digits;
  private static SmallRun run;
  private static Evaluation evaluation;

  private final StringWriter said = new StringWriter();
  private Path target;
  private Optional<String> features = Optional.empty();
  private int top;

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
    assertThat(said.toString())
        .containsPattern("\\R200 images in [0-9.]+ s, [0-9,]+ images/s\\R")
        .endsWith("complete in %s%n".formatted(uri(target)));
    assertThat(target.resolve("_SUCCESS"))
        .content()
        .startsWith(
            "{\"images\":200,\"bad-records\":0,\"model\":\"%s/checkpoints/"
                .formatted(run.directory().root()));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"pred[1]", "a:b {c}*", "50%41#é"})
  void writesIntoADirectoryOfAnyName(String name) throws IOException {
    AsciiLocale.skipUnlessItCanName(name);
    target = directory.resolve("out").resolve(name);
    Files.createDirectories(directory.resolve("out/pred1"));

    predict(digits);

    assertThat(target.resolve("_SUCCESS")).exists();
    assertThat(rows()).hasSize(SmallRun.TEST_IMAGES);
    said.getBuffer().setLength(0);
    predict(digits);
    assertThat(said.toString()).contains("is complete; nothing was written");
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
  void writesTheOutputOfALayer() throws IOException {
    features = Optional.of("output");
    predict(digits);
    List<Group> logits = rows();
    features = Optional.of("conv1");
    target = target.resolveSibling("maps");
    predict(digits);
    List<Group> maps = rows();
    features = Optional.empty();
    target = target.resolveSibling("likely");
    predict(digits);

    assertThat(said.toString()).contains("features: the output of conv1, [3, 24, 24]");
    assertThat(maps.get(0).getType().getFields())
        .extracting(Type::getName)
        .containsExactly("id", "path", "features", "error");
    assertThat(maps).hasSize(SmallRun.TEST_IMAGES);
    for (Group row : maps) {
      assertThat(PredictionRows.floats(row, "features")).hasSize(3 * 24 * 24);
    }
    Map<Long, float[]> byId = new HashMap<>();
    logits.forEach(row -> byId.put(row.getLong("id", 0), PredictionRows.floats(row, "features")));
    for (Group row : rows()) {
      float[] probabilities = PredictionRows.floats(row, "probabilities");
      float[] own = byId.get(row.getLong("id", 0));
      for (int c = 1; c < own.length; c++) {
        double expected = StrictMath.exp(own[c] - own[0]);
        assertThat((double) probabilities[c] / probabilities[0])
            .isCloseTo(expected, within(1e-4 * expected));
      }
    }
  }

  @Test
  void writesTheLikeliestClassesToo() throws IOException {
    top = 3;
    predict(digits);

    List<Group> rows = rows();
    assertThat(rows).hasSize(SmallRun.TEST_IMAGES);
    assertThat(rows.get(0).getType().getFields())
        .extracting(Type::getName)
        .containsExactly("id", "path", "prediction", "label", "probabilities", "error", "top");
    for (Group row : rows) {
      float[] probabilities = PredictionRows.floats(row, "probabilities");
      Group list = row.getGroup("top", 0);
      assertThat(list.getFieldRepetitionCount("list")).isEqualTo(3);
      float before = Float.POSITIVE_INFINITY;
      float rest = 0;
      for (int k = 0; k < 3; k++) {
        Group ranked = list.getGroup("list", k).getGroup("element", 0);
        int prediction = ranked.getInteger("prediction", 0);
        float probability = ranked.getFloat("probability", 0);
        assertThat(ranked.getString("label", 0)).isEqualTo(Integer.toString(prediction));
        assertThat(probability).isEqualTo(probabilities[prediction]).isLessThanOrEqualTo(before);
        probabilities[prediction] = -1;
        before = probability;
        if (k == 0) {
          assertThat(prediction).isEqualTo(row.getInteger("prediction", 0));
        }
      }
      for (float probability : probabilities) {
        rest = Math.max(rest, probability);
      }
      assertThat(rest).isLessThanOrEqualTo(before);
    }
    assertThat(
            new ParquetToSparkSchemaConverter(new SQLConf())
                .convert((MessageType) rows.get(0).getType())
                .apply("top")
                .dataType()
                .sql())
        .isEqualTo(
            "ARRAY<STRUCT<prediction: INT NOT NULL, label: STRING NOT NULL, probability: FLOAT NOT NULL>>");
    top = 0;
    assertThatThrownBy(() -> predict(digits))
        .hasMessageStartingWith(
            "Cannot predict into %s: it was begun with ".formatted(uri(target)));
  }

  @Test
  void refusesALayerThatTheNetworkDoesNotHave() {
    features = Optional.of("fc");

    assertThatThrownBy(() -> predict(digits))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageStartingWith("Cannot write features by file:")
        .hasMessageEndingWith(
            ": the network has no layer fc, expected one of [conv1, relu1, max_pool1, output].");
    assertThat(target).doesNotExist();
  }

  @Test
  void goesOnWithTheImagesThatAreMissing() throws IOException {
    predict(digits);
    Path lost = parts().get(1);
    long lostRows = PredictionRows.of(lost).size();
    Files.delete(lost);
    Files.delete(target.resolve("_SUCCESS"));
    SortedMap<String, String> kept = new RunFolder(target).snapshot();

    predict(digits);

    assertThat(said.toString()).contains("%s of 200 images are finished".formatted(200 - lostRows));
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
  void refusesToGoOnWhenImagesHaveChanged() throws IOException {
    Path photos = Files.createDirectories(directory.resolve("changing"));
    for (int k = 0; k < 3; k++) {
      Files.write(photos.resolve(k + ".png"), Pictures.greyPng(new byte[28 * 28], 0, 28, 28));
    }
    predict(photos);
    Files.delete(target.resolve("_SUCCESS"));
    Files.move(photos.resolve("0.png"), photos.resolve("3.png"));

    assertThatThrownBy(() -> predict(photos))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessage(
            "Cannot go on to predict into %s: the given images must be the ones it was begun with, as _predict.json tells: file:%s/1.png has another path, place or length, and others too. Restore them with their times, or give another directory."
                .formatted(uri(target), photos));
    assertThat(target.resolve("_SUCCESS")).doesNotExist();
  }

  @Test
  void refusesMoreImagesThanItCanTellApart() {
    PredictJob.requireCountable(Integer.MAX_VALUE);

    assertThatThrownBy(() -> PredictJob.requireCountable(1L << 31))
        .hasMessage(
            "Cannot predict 2,147,483,648 images: expected at most 2^31 - 1. Name a part of them with data.test.");
  }

  @Test
  void keepsColumnsOfTheTableBesideItsPredictions() throws IOException {
    Path table = table(directory.resolve("kept"));

    predictKeeping(List.of("label as truth", "taken", "at", "weight * 2 as double_weight"), table);

    List<Group> rows = rows();
    assertThat(rows).hasSize(3);
    for (Group row : rows) {
      int id = (int) row.getLong("id", 0);
      assertThat(row.getString("truth", 0)).isEqualTo("digit " + id);
      assertThat(row.getInteger("taken", 0)).isEqualTo(20_000 + id);
      assertThat(row.getLong("at", 0)).isEqualTo(1_700_000_000_000_000L + id);
      assertThat(row.getFieldRepetitionCount("double_weight")).isEqualTo(id == 1 ? 0 : 1);
    }
    assertThat(rows.stream().filter(row -> row.getFieldRepetitionCount("error") == 1))
        .singleElement()
        .satisfies(row -> assertThat(row.getLong("id", 0)).isEqualTo(2));
    assertThat(rows.get(0).getType().getFields().stream().map(Type::getName))
        .endsWith("error", "truth", "taken", "at", "double_weight");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "label | Cannot keep column label of %s: predictions have a column of that name. Give it another: --keep 'label as ...'.",
        "taken, Taken | Cannot keep column Taken of %s: predictions have a column of that name. Give it another: --keep 'Taken as ...'.",
        "array(weight) as weights | Cannot keep column weights of %s: its type must be boolean, tinyint, smallint, int, bigint, float, double, string, binary, date or timestamp, got array<double>. Cast it: --keep 'cast(weights as string) as ...'."
      })
  void refusesColumnsThatPredictionsCannotHave(String columns, String message) throws IOException {
    Path table = table(directory.resolve("refused"));

    assertThatThrownBy(() -> predictKeeping(List.of(columns.split(", ")), table))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(message.formatted("3 images in file:" + table));
    assertThat(target).doesNotExist();
  }

  @Test
  void saysWhichColumnsATableHas() throws IOException {
    Path table = table(directory.resolve("unknown"));

    assertThatThrownBy(() -> predictKeeping(List.of("patient"), table))
        .hasMessageStartingWith("Cannot keep patient of file:%s: ".formatted(table))
        .hasMessageEndingWith(" Its columns are image, label, taken, at, weight.");
    assertThatThrownBy(() -> predictKeeping(List.of("label", "patient"), digits))
        .hasMessage(
            "Cannot keep label, patient of %s: only tables have columns, got data.format = idx. Leave out --keep."
                .formatted(uri(digits)));
  }

  /** Two digits and, with the id 2, a record that is none. */
  private static Path table(Path table) throws IOException {
    if (!Files.exists(table)) {
      StructType schema =
          StructType.fromDDL("image binary, label string, taken date, at timestamp, weight double");
      List<Row> rows = new ArrayList<>();
      for (int k = 0; k < 3; k++) {
        byte[] image = k == 2 ? new byte[9] : Pictures.greyPng(new byte[784], 0, 28, 28);
        Timestamp at = Timestamp.from(Instant.EPOCH.plus(1_700_000_000_000_000L + k, MICROS));
        Date taken = Date.valueOf(LocalDate.ofEpochDay(20_000 + k));
        rows.add(RowFactory.create(image, "digit " + k, taken, at, k == 1 ? null : 0.5 * k));
      }
      try (SparkSession spark = session()) {
        spark.createDataFrame(rows, schema).coalesce(1).write().parquet(table.toString());
      }
    }
    return table;
  }

  private static SparkSession session() {
    SparkConf conf = SparkContexts.defaults(new SparkConf()).setAppName("table");
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private void predict(Path data, String... settings) {
    predictKeeping(List.of(), data, "data.max-bad-records=0", settings);
  }

  private void predictKeeping(List<String> keep, Path table) {
    predictKeeping(keep, table, "data.max-bad-records=1");
  }

  private void predictKeeping(List<String> keep, Path data, String limit, String... settings) {
    List<String> assignments = new ArrayList<>(List.of(limit));
    assignments.addAll(List.of(settings));
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
                keep,
                features,
                top,
                uri(target),
                30));
  }

  private static org.apache.hadoop.fs.Path uri(Path path) {
    return new org.apache.hadoop.fs.Path("file:" + path);
  }

  private List<Path> parts() throws IOException {
    return PredictionRows.parts(target);
  }

  private List<Group> rows() throws IOException {
    return PredictionRows.in(target);
  }
}
