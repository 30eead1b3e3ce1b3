package dev.featuremap.job.commands.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.job.testing.JobDescriptions;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.train.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static java.nio.file.Path directory;
  private static SmallRun run;
  private static RunResult trained;
  private final StringWriter said = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    run =
        SmallRun.of(
            SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
            directory.resolve("runs"));
    trained = run.train();
  }

  @Test
  void findsWhatARunFoundAtItsEnd() {
    Evaluation evaluation =
        evaluate(Optional.of(run.directory().root()), Optional.empty(), Optional.empty());

    assertThatItIsTheResult(evaluation);
  }

  @Test
  void takesTheDirectoryOfACheckpoint() {
    Evaluation evaluation =
        evaluate(
            Optional.empty(),
            Optional.of(new Path(trained.checkpoint())),
            Optional.of(run.config().data().path()));

    assertThatItIsTheResult(evaluation);
  }

  @Test
  void takesAModelFile() {
    Evaluation evaluation =
        evaluate(
            Optional.empty(),
            Optional.of(new Path(trained.checkpoint(), "model.safetensors")),
            Optional.of(run.config().data().path()));

    assertThatItIsTheResult(evaluation);
  }

  @Test
  void writesItsResultForSchedulers() throws IOException {
    java.nio.file.Path result = directory.resolve("evaluation.json");

    evaluate(
        new EvaluationRequest(
            ModelLocation.ofRun(run.directory().root()),
            request(Optional.empty()),
            Optional.of(new Path(result.toString()))));

    assertThat(result)
        .content()
        .contains(
            "\"model\" : \"%s\"".formatted(trained.checkpoint()),
            "\"parameters-sha256\" : \"%s\"".formatted(trained.parametersSha256()),
            "\"images\" : 200,",
            "\"bad-records\" : 0,",
            "\"test-accuracy\" : %s,".formatted(trained.testAccuracy()));
  }

  @Test
  void writesAllMetricsAndTheConfusionTable() throws IOException {
    java.nio.file.Path file = directory.resolve("metrics.json");

    Evaluation evaluation =
        evaluate(
            new EvaluationRequest(
                ModelLocation.ofRun(run.directory().root()),
                request(Optional.empty()),
                Optional.of(new Path(file.toString()))));

    Json.Fields result = Json.parse(Files.readString(file), "the result");
    TestMetrics metrics = TestMetrics.from(result).orElseThrow();
    assertThat(said.toString()).contains(metrics.line());
    assertThat(metrics.names()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(result.number("test-log-loss"))
        .isEqualTo(metrics.metrics().logLoss())
        .isCloseTo(evaluation.loss(), within(1e-6));
    assertThat(result.number("test-top-5-accuracy")).isBetween(evaluation.accuracy(), 1.0);
    assertThat(metrics.metrics().auc()).isBetween(0.5, 1.0);
    long images = 0;
    double recalls = 0;
    long[][] table = new long[10][10];
    for (JsonNode pair : result.object().get("confusion")) {
      table[pair.get(0).asInt()][pair.get(1).asInt()] = pair.get(2).asLong();
      images += pair.get(2).asLong();
    }
    for (int c = 0; c < 10; c++) {
      long ofClass = Arrays.stream(table[c]).sum();
      assertThat(metrics.metrics().classes().get(c).images()).isEqualTo(ofClass);
      assertThat(metrics.metrics().classes().get(c).recall())
          .isEqualTo((double) table[c][c] / ofClass);
      recalls += (double) table[c][c] / ofClass;
    }
    assertThat(images).isEqualTo(200);
    assertThat(metrics.metrics().recall()).isCloseTo(recalls / 10, within(1e-12));
  }

  @Test
  void measuresOnOtherImagesWhenTheyAreGiven() throws IOException {
    java.nio.file.Path few =
        MnistFiles.firstDigits(Files.createDirectory(directory.resolve("few")), 1, 7, ".gz");

    Evaluation evaluation =
        evaluate(
            Optional.of(run.directory().root()),
            Optional.empty(),
            Optional.of(new Path(few.toString())));

    assertThat(evaluation.images()).isEqualTo(7);
  }

  @Test
  void tellsSparkWhatItDoesAndLeavesNoContext() {
    SPARK.set("spark.extraListeners", JobDescriptions.class.getName());
    JobDescriptions.take();

    evaluate(Optional.of(run.directory().root()), Optional.empty(), Optional.empty());

    assertThat(JobDescriptions.take())
        .containsExactly(
            "load 200 images of [1, 28, 28] in file:%s/data/t10k-images-idx3-ubyte"
                .formatted(directory),
            "evaluate 200 images of [1, 28, 28] in file:%s/data/t10k-images-idx3-ubyte"
                .formatted(directory),
            "evaluate 200 images of [1, 28, 28] in file:%s/data/t10k-images-idx3-ubyte · rank"
                .formatted(directory));
    assertThat(SparkEnv.get()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/none/model, MISSING_INPUT, 'Cannot evaluate /none/model: '",
    "nowhere://host/model, USAGE, 'Cannot read nowhere://host/model: no file system is installed'",
    "hdfs://no.such.host.invalid/model, USAGE, 'Cannot read hdfs://no.such.host.invalid/model: '",
  })
  void endsWithACodeThatSaysWhoCanHelp(String checkpoint, ExitCode code, String message) {
    assertThatThrownBy(
            () -> evaluate(Optional.empty(), Optional.of(new Path(checkpoint)), Optional.empty()))
        .isInstanceOfSatisfying(
            JobException.class, failure -> assertThat(failure.exitCode()).isEqualTo(code))
        .hasMessageStartingWith(message);
  }

  @Test
  void endsWith65AndNamesAStaleChecksum() throws IOException {
    java.nio.file.Path model = Files.createFile(directory.resolve("model.crc-failure"));
    // Hadoop's local file system compares the checksum beside a file as it reads.
    Files.write(model, new byte[600]);
    Files.writeString(directory.resolve(".model.crc-failure.crc"), "crc\0\0\0\2\0wrong wrong");

    assertThatThrownBy(
            () ->
                evaluate(
                    Optional.empty(), Optional.of(new Path(model.toString())), Optional.empty()))
        .isInstanceOfSatisfying(
            JobException.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
              assertThat(failure).hasMessageContaining(".model.crc-failure.crc");
            });
  }

  private Evaluation evaluate(Optional<Path> of, Optional<Path> checkpoint, Optional<Path> data) {
    ModelLocation model =
        of.map(ModelLocation::ofRun).orElseGet(() -> ModelLocation.at(checkpoint.orElseThrow()));
    return evaluate(new EvaluationRequest(model, request(data), Optional.empty()));
  }

  private Evaluation evaluate(EvaluationRequest request) {
    return new EvaluationJob(new Configuration(), new PrintWriter(said)).run(request);
  }

  private static ConfigRequest request(Optional<Path> data) {
    return new ConfigRequest(
        Optional.empty(),
        List.of(),
        data.map(path -> Map.of(KeyOption.DATA, path.toString())).orElse(Map.of()));
  }

  private void assertThatItIsTheResult(Evaluation evaluation) {
    assertThat(evaluation.accuracy()).isEqualTo(trained.testAccuracy());
    assertThat(evaluation.loss()).isCloseTo(trained.testLoss(), within(1e-12));
    assertThat(said.toString())
        .startsWith(
            String.format(
                Locale.ROOT,
                "200 images of [1, 28, 28] in file:%s/data/t10k-images-idx3-ubyte%ntest accuracy %.2f %%  loss %.4f%n",
                directory,
                100 * trained.testAccuracy(),
                trained.testLoss()));
  }
}
