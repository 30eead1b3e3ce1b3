package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.metric.SeveralLabelsMetrics;
import dev.featuremap.train.Evaluation;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digits that are even, large, round or nothing of it, in a list with arrays of labels. */
class SeveralLabelsRunTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static Path data;
  private static SmallRun several;
  private static RunResult result;
  private static final StringWriter SAID = new StringWriter();

  private static List<String> labels(int digit) {
    return Stream.of(
            digit % 2 == 0 ? "even" : "",
            digit >= 5 ? "large" : "",
            "0689".indexOf('0' + digit) >= 0 ? "round" : "")
        .filter(label -> !label.isEmpty())
        .toList();
  }

  @BeforeAll
  static void train() throws IOException {
    data = new DigitFiles(Files.createDirectory(directory.resolve("data")), 600, 200).folder();
    list("train", "train", SeveralLabelsRunTest::array);
    list("test", "test", SeveralLabelsRunTest::array);
    several =
        SmallRun.of(data, directory.resolve("runs"))
            .with("data.format", "table")
            .with("data.table.format", "jsonl")
            .with(
                "network",
                "{ input { shape = [1, 28, 28], mean = 0.13, deviation = 0.31 },"
                    + " loss = sigmoid-cross-entropy, layers = ["
                    + " { type = convolution, name = stem, feature-maps = 4, field = 5, stride = 2 },"
                    + " { type = relu }, { type = fully-connected, name = fc, outputs = 3 } ] }")
            .with("train.epochs", 3)
            .with("train.augment.mixup", 0.2)
            .with("sync.every", "3 steps")
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100)
            .with("run-id", "several");
    result = several.train(SAID);
  }

  private static String array(int digit) {
    return labels(digit).stream()
        .collect(Collectors.joining("\",\"", "[\"", "\"]"))
        .replace("[\"\"]", "[]");
  }

  /** A line of JSON for each image of a set. */
  private static void list(String set, String name, Function<Integer, String> label)
      throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve(set))) {
      List<String> lines =
          files
              .filter(Files::isRegularFile)
              .sorted()
              .map(
                  file ->
                      "{\"image\": \"%s\", \"label\": %s}"
                          .formatted(
                              data.relativize(file),
                              label.apply(
                                  Integer.parseInt(file.getParent().getFileName().toString()))))
              .toList();
      Files.write(data.resolve(name + ".jsonl"), lines);
    }
  }

  @Test
  void tellsTheClassesAndTheMetrics() {
    TestMetrics metrics = result.metrics().orElseThrow();
    SeveralLabelsMetrics few = metrics.metrics().several().orElseThrow();

    assertThat(SAID.toString())
        .contains("3 classes: even, large, round")
        .contains(
            String.format(Locale.ROOT, "mean average precision %.4f", few.meanAveragePrecision()));
    assertThat(metrics.names()).containsExactly("even", "large", "round");
    assertThat(few.meanAveragePrecision()).isGreaterThan(0.8);
    assertThat(result.testAccuracy()).isBetween(0.3, 1.0);
    assertThat(RunFolder.of(several.directory()).text("result.json"))
        .contains("\"test-mean-average-precision\"", "\"average-precision\"");
    assertThat(RunFolder.of(several.directory()).text("report.html"))
        .contains("test-mean-average-precision", "\"label\":[");
  }

  @Test
  void isEvaluatedAsItWasTrained() {
    Evaluation evaluation = several.evaluate();

    assertThat(evaluation.accuracy()).isEqualTo(result.testAccuracy());
    assertThat(evaluation.loss()).isCloseTo(result.testLoss(), within(1e-12));
    assertThat(evaluation.mistakes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2", "7"})
  void resumesToTheSameBits(int checkpoints) {
    SmallRun again = several.with("run-id", "resumed-" + checkpoints);
    again.train();
    RunFolder.of(again.directory()).rewind(checkpoints);

    assertThat(again.train().parametersSha256()).isEqualTo(result.parametersSha256());
  }

  @ParameterizedTest
  @CsvSource({"local[1], pixels", "local[4], encoded"})
  void givesTheSameBitsOnEveryTopology(String master, String keep) {
    SPARK.set("spark.master", master);

    RunResult other = several.with("run-id", "on-" + keep).with("data.keep", keep).train();

    assertThat(other.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(other.testLoss()).isEqualTo(result.testLoss());
    assertThat(other.metrics()).isEqualTo(result.metrics());
  }

  @Test
  void takesTheOrderOfLabelsForNothing() throws IOException {
    list(
        "train",
        "turned",
        digit -> array(digit).replace("\"even\",\"large\"", "\"large\",\"even\",\"large\""));
    SmallRun turned =
        several
            .with("run-id", "turned")
            .with("data.train", "turned.jsonl")
            .with("data.test", "test.jsonl");

    assertThat(turned.train().parametersSha256()).isEqualTo(result.parametersSha256());
  }

  @Test
  void refusesALossForOneLabel() {
    assertFails(
        several.with("run-id", "softmax").with("network.loss", "softmax-cross-entropy"),
        ExitCode.USAGE,
        "Cannot train on 600 images in file:%s/train.jsonl: its images may have several labels, and the network's loss softmax-cross-entropy is made for one. Set network.loss = sigmoid-cross-entropy."
            .formatted(data));
  }

  @Test
  void refusesClassWeights() {
    assertFails(
        several.with("run-id", "weights").with("train.class-weights", "inverse"),
        ExitCode.USAGE,
        "Cannot use train.class-weights with 600 images in file:%s/train.jsonl: its images may have several labels, and an image has one weight. Set it to none."
            .formatted(data));
  }

  @Test
  void refusesASetWithOneLabelBesideOneWithSeveral() throws IOException {
    list("test", "single", digit -> "\"even\"");

    assertFails(
        several
            .with("run-id", "mixed")
            .with("data.train", "train.jsonl")
            .with("data.test", "single.jsonl"),
        ExitCode.BAD_DATA,
        "Cannot use 600 images in file:%s/train.jsonl and 200 images in file:%s/single.jsonl together: images of 200 images in file:%s/single.jsonl have one label each, and those of 600 images in file:%s/train.jsonl several. Mend data.table.label, or the data."
            .formatted(data, data, data, data));
  }

  @Test
  void refusesALabelThatNoTrainingImageHas() throws IOException {
    list("test", "other", digit -> "[\"even\", \"prime\"]");

    assertFails(
        several
            .with("run-id", "other")
            .with("data.train", "train.jsonl")
            .with("data.test", "other.jsonl"),
        ExitCode.BAD_DATA,
        "Cannot use 200 images in file:%s/other.jsonl: the model does not know label prime."
            .formatted(data));
  }

  @Test
  void refusesArraysOfFractions() throws IOException {
    list("train", "fractions", digit -> "[0.5]");

    assertFails(
        several
            .with("run-id", "fractions")
            .with("data.train", "fractions.jsonl")
            .with("data.test", "test.jsonl"),
        ExitCode.USAGE,
        "Cannot read file:%s/fractions.jsonl: column label (data.table.label) must be an array of whole numbers or texts, got array<double>."
            .formatted(data));
  }

  private static void assertFails(SmallRun run, ExitCode code, String message) {
    assertThatThrownBy(run::train)
        .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessage(message);
  }
}
