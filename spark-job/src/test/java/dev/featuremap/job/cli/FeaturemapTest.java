package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.evaluate.EvaluationRequest;
import dev.featuremap.job.export.ExportFormat;
import dev.featuremap.job.export.ExportRequest;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.image.Resize;
import dev.featuremap.job.models.ModelLocation;
import dev.featuremap.job.pack.PackRequest;
import dev.featuremap.job.predict.PredictRequest;
import dev.featuremap.job.registry.ModelReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturemapTest {
  private final List<JobConfig> trained = new ArrayList<>();
  private final List<EvaluationRequest> evaluated = new ArrayList<>();
  private final List<PackRequest> packed = new ArrayList<>();
  private final List<ExportRequest> exported = new ArrayList<>();
  private final List<PredictRequest> predicted = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void trainsWithoutArguments() {
    assertThat(run("train")).isEqualTo(ExitCode.OK);

    assertThat(trained)
        .singleElement()
        .extracting(config -> config.data().path())
        .hasToString(here("data/mnist"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void passesItsArgumentsOn() {
    run(
        "train",
        "--data",
        "hdfs://nn/d",
        "--output=o",
        "--run-id",
        "a:b",
        "--set",
        "train.epochs=3",
        "--set=train.seed=9");

    JobConfig config = trained.get(0);
    assertThat(config.data().path()).hasToString("hdfs://nn/d");
    assertThat(config.runDirectory().root()).hasToString(here("o/a~3Ab"));
    assertThat(config.training().epochs()).isEqualTo(3);
    assertThat(config.training().seed()).isEqualTo(9);
  }

  @Test
  void takesAtSignsLiterally() {
    run("train", "--run-id", "@daily");

    assertThat(trained.get(0).runId()).hasToString("@daily");
  }

  @Test
  void evaluatesARunOrACheckpoint() {
    assertThat(run("evaluate", "--run", "runs/r1")).isEqualTo(ExitCode.OK);
    assertThat(run("evaluate", "--checkpoint=s3a://b/c", "--data=d", "--set=data.format=folder"))
        .isEqualTo(ExitCode.OK);
    assertThat(run("evaluate", "--model=models/digits@3", "--result=e.json"))
        .isEqualTo(ExitCode.OK);

    assertThat(evaluated)
        .containsExactly(
            new EvaluationRequest(
                ModelLocation.ofRun(path("runs/r1").orElseThrow()),
                ConfigRequest.defaults(),
                Optional.empty()),
            new EvaluationRequest(
                ModelLocation.at(path("s3a://b/c").orElseThrow()),
                new ConfigRequest(
                    Optional.empty(), List.of("data.format=folder"), Map.of(KeyOption.DATA, "d")),
                Optional.empty()),
            new EvaluationRequest(
                ModelLocation.published(
                    new ModelReference(path("models/digits").orElseThrow(), "3")),
                ConfigRequest.defaults(),
                path("e.json")));
  }

  @Test
  void evaluatesWithSettingsOfDataAlone() {
    assertThat(run("evaluate", "--run", "runs/r1", "--set", "train.epochs=3"))
        .isEqualTo(ExitCode.USAGE);

    assertThat(err.toString())
        .isEqualTo(
            "featuremap: Cannot evaluate with --set train.epochs=3: expected a key of data, the others are the model's.%n"
                .formatted());
  }

  @Test
  void packsAnySource() {
    assertThat(run("pack", "--data=d", "--to=hdfs://nn/p", "--images-per-file=7", "--resize=64x48"))
        .isEqualTo(ExitCode.OK);

    PackRequest request = packed.get(0);
    assertThat(request.data().path()).hasToString(here("d"));
    assertThat(request.target()).hasToString("hdfs://nn/p");
    assertThat(request.imagesPerFile()).isEqualTo(7);
    assertThat(request.seed()).isEqualTo(1);
    assertThat(request.size()).contains(new PackRequest.Size(64, 48));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pack | Cannot run featuremap pack: missing required option: '--to=URI'.",
        "pack --to p --resize 64 | Cannot pack with --resize 64: expected width and height, such as 64x64.",
        "pack --to p --images-per-file 0 | Cannot pack with --images-per-file 0: expected at least 1.",
      })
  void refusesToPackInNoWay(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(packed).isEmpty();
  }

  @Test
  void predictsTheImagesOfAnySource() {
    assertThat(
            run(
                "predict",
                "--run=r",
                "--data=d",
                "--to=hdfs://nn/p",
                "--set=data.resize=fit",
                "--keep=id as image, name",
                "--keep=size"))
        .isEqualTo(ExitCode.OK);

    PredictRequest request = predicted.get(0);
    assertThat(request.model()).isEqualTo(ModelLocation.ofRun(path("r").orElseThrow()));
    assertThat(request.data().path()).hasToString(here("d"));
    assertThat(request.data().resize()).isEqualTo(Resize.FIT);
    assertThat(request.target()).hasToString("hdfs://nn/p");
    assertThat(request.imagesPerFile()).isEqualTo(16384);
    assertThat(request.keep()).containsExactly("id as image, name", "size");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "predict --run r | Cannot run featuremap predict: missing required option: '--to=URI'.",
        "predict --to p | Cannot predict: expected one of --run, --checkpoint or --model, got none.",
        "predict --to p --run r --images-per-file 0 | Cannot predict with --images-per-file 0: expected at least 1.",
      })
  void refusesToPredictInNoWay(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(predicted).isEmpty();
  }

  @Test
  void exportsARunOrACheckpoint() {
    assertThat(run("export", "--run=r", "--best", "--to=s3a://b/e")).isEqualTo(ExitCode.OK);
    assertThat(run("export", "--checkpoint=c", "--to=e", "--format=onnx")).isEqualTo(ExitCode.OK);

    assertThat(exported)
        .containsExactly(
            new ExportRequest(
                ModelLocation.bestOfRun(path("r").orElseThrow()),
                path("s3a://b/e").orElseThrow(),
                List.of(ExportFormat.PYTORCH, ExportFormat.ONNX)),
            new ExportRequest(
                ModelLocation.at(path("c").orElseThrow()),
                path("e").orElseThrow(),
                List.of(ExportFormat.ONNX)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "export --run r | Cannot run featuremap export: missing required option: '--to=URI'.",
        "export --to e | Cannot export: expected one of --run, --checkpoint or --model, got none.",
        "export --to e --run r --checkpoint c | Cannot export: expected one of --run, --checkpoint or --model, got several.",
        "export --to e --model m --best | Cannot export: expected one of --run, --checkpoint or --model, got several.",
        "export --to e --model m@ | Cannot use --model: expected a directory, or one with @ and a version or an alias, such as digits@3, got m@.",
        "export --to e --best --checkpoint c | Cannot export: --best chooses a checkpoint of a --run, got --checkpoint.",
        "export --to e --run r --format tf | Cannot run featuremap export: invalid value for option '--format' (FORMAT): expected one of [PYTORCH, ONNX] (case-insensitive) but was 'tf'.",
      })
  void refusesToExportInNoWay(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(exported).isEmpty();
  }

  @Test
  void explainsExporting() {
    assertThat(run("export", "--help")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .startsWith("Usage: featuremap export ")
        .contains("--run=URI", "--best", "--checkpoint=URI", "--to=URI")
        .contains("Formats: pytorch, onnx. Default: all.");
  }

  @Test
  void summarisesWithoutTraining() {
    assertThat(run("summary", "--set", "network=lenet-5")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains("61,706", "convolution", "train.epochs                   15", "fingerprint");
    assertThat(trained).isEmpty();
  }

  @Test
  void validatesSettingsFirst() {
    assertThat(run("validate")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .startsWith("The settings are valid; fingerprint ")
        .endsWith("checked %s%n".formatted(here("data/mnist")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void explainsItself(String argument) {
    assertThat(run(argument)).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .startsWith("Usage: featuremap ")
        .contains("train ", "evaluate ", "summary ", "validate ", "help ")
        .contains("Exit codes: 0 done, 64 wrong usage or settings, 65 bad data, 66 missing input")
        .contains("77 a condition of the command is not met.");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"train,--help", "help,train"})
  void explainsACommand(String first, String second) {
    assertThat(run(first, second)).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .startsWith("Usage: featuremap train ")
        .contains("--config=URI", "--set=KEY=VALUE", "--data=URI", "--output=URI", "--run-id=ID")
        .contains("the network seed on MNIST in data/mnist, into runs/");
    assertThat(trained).isEmpty();
  }

  @Test
  void namesTheVersionOfTheBuild() throws IOException {
    assertThat(run("--version")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).isEqualTo("featuremap %s%n".formatted(CommandTree.VERSION));
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<version>%s</version>".formatted(CommandTree.VERSION));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trian | Cannot run featuremap: unknown command trian. Did you mean train?",
        "xxxxxxxx | Cannot run featuremap: unknown command xxxxxxxx. Commands: train, evaluate, predict, export, publish, rollback, history, pack, summary, validate, help.",
        "--versoin | Cannot run featuremap: unknown option --versoin. Did you mean --version?",
        "train --confg a | Cannot run featuremap train: unknown option --confg. Did you mean --config?",
        "train --confg=a | Cannot run featuremap train: unknown option --confg. Did you mean --config?",
        "train --epochs 3 | Cannot run featuremap train: unknown option --epochs. Did you mean --set train.epochs=…?",
        "train --zzzzzzzzzzzzzzzzz | Cannot run featuremap train: unknown option --zzzzzzzzzzzzzzzzz. Options: --config, --data, --debug, --help, --output, --run-id, --set, --version.",
        "train now | Cannot run featuremap train: unexpected argument now. Every setting has an option or --set.",
        "train --config | Cannot run featuremap train: missing required parameter for option '--config' (URI).",
        "train --data a --data b | Cannot run featuremap train: option '--data' (URI) should be specified only once.",
        "help trian | Cannot run featuremap: unknown subcommand 'trian'. Commands: train, evaluate, predict, export, publish, rollback, history, pack, summary, validate, help.",
        "evaluate | Cannot evaluate: expected one of --run, --checkpoint or --model, got none.",
        "evaluate --run a --checkpoint b | Cannot evaluate: expected one of --run, --checkpoint or --model, got several.",
        "evaluate --run s3a://k:s@b | Cannot use --run: a URI must not contain a password. Give credentials to Hadoop's configuration.",
        "train --set train.epochs=0 | Cannot use train.epochs: expected an integer from 1 to 1000000, got 0.",
      })
  void endsWith64AndOneLineFor(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(out.toString()).isEmpty();
    assertThat(trained).isEmpty();
  }

  @Test
  void asksForACommand() {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .isEqualTo(
            "featuremap: Cannot run featuremap: a command is missing. Commands: train, evaluate, predict, export, publish, rollback, history, pack, summary, validate, help.%n"
                .formatted());
  }

  @Test
  void listsSeveralProblems() {
    assertThat(run("train", "--set", "train.epochs=0", "--set", "train.workers=0"))
        .isEqualTo(ExitCode.USAGE);

    assertThat(err.toString())
        .isEqualTo(
            """
            featuremap: Cannot use the settings, for 2 reasons:
              Cannot use train.epochs: expected an integer from 1 to 1000000, got 0.
              Cannot use train.workers: expected an integer from 1 to 65536, got 0.
            """);
  }

  @Test
  void endsWith66WhenTheConfigurationIsMissing() {
    assertThat(run("summary", "--config", "/none/my.conf")).isEqualTo(ExitCode.MISSING_INPUT);
    assertThat(err.toString())
        .isEqualTo(
            "featuremap: Cannot read --config /none/my.conf: there is no such file.%n".formatted());
  }

  @ParameterizedTest
  @EnumSource(value = ExitCode.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void endsWithTheCodeOfItsFailure(ExitCode code) {
    assertThat(runWith(failing(new JobException(code, "Cannot do it.")), "train")).isEqualTo(code);
    assertThat(err.toString()).isEqualTo("featuremap: Cannot do it.%n".formatted());
  }

  @Test
  void findsTheFailureThatWasWrapped() {
    JobException known = new JobException(ExitCode.STORAGE_FAILED, "Cannot write x.");

    assertThat(runWith(failing(new IllegalStateException("outer", known)), "train"))
        .isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(err.toString()).isEqualTo("featuremap: Cannot write x.%n".formatted());
  }

  @Test
  void showsTheStackTraceOfADefect() {
    assertThat(runWith(failing(new IllegalStateException("odd")), "train"))
        .isEqualTo(ExitCode.INTERNAL);
    assertThat(err.toString())
        .startsWith(
            "featuremap: Cannot go on: unforeseen failure, got java.lang.IllegalStateException: odd.%n"
                .formatted())
        .contains("\tat dev.featuremap.job.cli.FeaturemapTest");
  }

  @Test
  void namesTheRemedyWhenMemoryIsShort() {
    assertThat(runWith(failing(new OutOfMemoryError("Java heap space")), "train"))
        .isEqualTo(ExitCode.INTERNAL);
    assertThat(err.toString())
        .startsWith(
            "featuremap: Cannot go on: the driver has no memory left (Java heap space). Raise spark.driver.memory.");
  }

  @Test
  void tellsAnExecutorsLackOfMemoryFromTheDrivers() {
    Throwable ofTask = new SparkException("Job aborted", new OutOfMemoryError("Java heap space"));

    assertThat(runWith(failing(ofTask), "train")).isEqualTo(ExitCode.INTERNAL);
    assertThat(err.toString())
        .startsWith(
            "featuremap: Cannot go on: an executor has no memory left (Java heap space). Raise"
                + " spark.executor.memory, or spark.driver.memory with a local master; or have"
                + " fewer workers on each executor.");
  }

  @ParameterizedTest
  @CsvSource({"train,--debug", "--debug,train"})
  void showsAnyStackTraceOnRequest(String first, String second) {
    runWith(failing(new JobException(ExitCode.BAD_DATA, "Cannot read.")), first, second);

    assertThat(err.toString()).contains("featuremap: Cannot read.").contains("\tat ");
  }

  private ExitCode run(String... arguments) {
    return runWith((config, progress) -> trained.add(config), arguments);
  }

  private static UseCases.Training failing(Throwable failure) {
    return (config, progress) -> sneakyThrow(failure);
  }

  private ExitCode runWith(UseCases.Training training, String... arguments) {
    UseCases useCases =
        new UseCases(
            training,
            (request, progress) -> evaluated.add(request),
            (config, progress) -> progress.println("checked " + config.data().path()),
            (request, progress) -> packed.add(request),
            (request, progress) -> exported.add(request),
            (request, progress) -> predicted.add(request),
            (request, progress) -> {},
            (request, progress) -> {},
            (model, progress) -> {});
    return new Featuremap(useCases, () -> JobConfigLoader.of(new Configuration()))
        .run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  /** A path below the working directory, as a URI of Hadoop. */
  private static String here(String path) {
    return "file:" + Path.of("").toAbsolutePath().resolve(path);
  }

  private static Optional<org.apache.hadoop.fs.Path> path(String uri) {
    return Optional.of(new org.apache.hadoop.fs.Path(uri));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // lets any throwable through
  private static <E extends Throwable> void sneakyThrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
