package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.AsciiLocale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturemapTest {
  private static final String COMMANDS =
      "train, evaluate, predict, import, export, publish, rollback, history, pack, summary, validate, help";

  private final CommandLineTrial cli = new CommandLineTrial();

  @Test
  void trainsWithoutArguments() {
    assertThat(cli.run("train")).isEqualTo(ExitCode.OK);

    assertThat(cli.asked(JobConfig.class))
        .singleElement()
        .extracting(config -> config.data().path())
        .hasToString(CommandLineTrial.here("data/mnist"));
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void passesItsArgumentsOn() {
    cli.run(
        "train",
        "--data",
        "hdfs://nn/d",
        "--output=o",
        "--run-id",
        "a:b",
        "--set",
        "train.epochs=3",
        "--set=train.seed=9");

    JobConfig config = cli.asked(JobConfig.class).get(0);
    assertThat(config.data().path()).hasToString("hdfs://nn/d");
    assertThat(config.runDirectory().root()).hasToString(CommandLineTrial.here("o/a~3Ab"));
    assertThat(config.training().epochs()).isEqualTo(3);
    assertThat(config.training().seed()).isEqualTo(9);
  }

  @Test
  void takesAtSignsLiterally() {
    cli.run("train", "--run-id", "@daily");

    assertThat(cli.asked(JobConfig.class).get(0).runId()).hasToString("@daily");
  }

  @Test
  void summarisesWithoutTraining() {
    assertThat(cli.run("summary", "--set", "network=lenet-5")).isEqualTo(ExitCode.OK);

    assertThat(cli.out())
        .contains("61,706", "convolution", "train.epochs                   15", "fingerprint");
    assertThat(cli.asked(JobConfig.class)).isEmpty();
  }

  @Test
  void saysWhatTrainingMinimisesInPlaceOfTheNetworksLoss() {
    cli.run("summary", "--set", "train.loss.type=focal", "--set", "train.label-smoothing=0.1");

    assertThat(cli.out().lines())
        .anyMatch(line -> line.endsWith("loss softmax-cross-entropy"))
        .contains("training minimises this loss: focal, gamma 2.0, labels smoothed by 0.1");
    cli.run("summary", "--set", "train.stages=[{}, {loss.type=focal}]");
    assertThat(cli.out().lines())
        .contains("training in stage 2 minimises this loss: focal, gamma 2.0");
  }

  @Test
  void validatesSettingsFirst() {
    assertThat(cli.run("validate")).isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .startsWith("The settings are valid; fingerprint ")
        .endsWith("checked %s%n".formatted(CommandLineTrial.here("data/mnist")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void explainsItself(String argument) {
    assertThat(cli.run(argument)).isEqualTo(ExitCode.OK);

    assertThat(cli.out())
        .startsWith("Usage: featuremap ")
        .contains("train ", "evaluate ", "summary ", "validate ", "help ")
        .contains("Exit codes: 0 done, 64 wrong usage or settings, 65 bad data, 66 missing input")
        .contains(
            "77 a condition of the command is not met, 124 the time given is up, 143 told to end.");
    assertThat(cli.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"train,--help", "help,train"})
  void explainsACommand(String first, String second) {
    assertThat(cli.run(first, second)).isEqualTo(ExitCode.OK);

    assertThat(cli.out())
        .startsWith("Usage: featuremap train ")
        .contains("--config=URI", "--set=KEY=VALUE", "--data=URI", "--output=URI", "--run-id=ID")
        .contains("the network seed on MNIST in data/mnist, into runs/");
    assertThat(cli.asked(JobConfig.class)).isEmpty();
  }

  @Test
  void namesTheVersionOfTheBuild() throws IOException {
    assertThat(cli.run("--version")).isEqualTo(ExitCode.OK);

    assertThat(cli.out()).isEqualTo("featuremap %s%n".formatted(Version.text()));
    assertThat(Files.readString(Path.of("../pom.xml")))
        .contains("<revision>%s</revision>".formatted(Version.text()));
  }

  @Test
  void showsControlCharactersEscaped() {
    AsciiLocale.skipUnlessItCanName("\u202e");
    assertThat(cli.run("train", "a\n\u001b[2J")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.run("train", "--set", "data.path=a:b\r\u202e")).isEqualTo(ExitCode.USAGE);

    assertThat(cli.err())
        .contains("unexpected argument a\\n\\u001B[2J.", "got \"a:b\\r\\u202E\"")
        .doesNotContain("\u001b", "\r", "\u202e");
    assertThat(cli.err().lines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trian | Cannot run featuremap: unknown command trian. Did you mean train?",
        "xxxxxxxx | Cannot run featuremap: unknown command xxxxxxxx. Commands: " + COMMANDS + ".",
        "--versoin | Cannot run featuremap: unknown option --versoin. Did you mean --version?",
        "train --confg a | Cannot run featuremap train: unknown option --confg. Did you mean --config?",
        "train --confg=a | Cannot run featuremap train: unknown option --confg. Did you mean --config?",
        "train --epochs 3 | Cannot run featuremap train: unknown option --epochs. Did you mean --set train.epochs=…?",
        "train --zzzzzzzzzzzzzzzzz | Cannot run featuremap train: unknown option --zzzzzzzzzzzzzzzzz. Options: --config, --data, --debug, --help, --max-minutes, --output, --run-id, --set, --version.",
        "train now | Cannot run featuremap train: unexpected argument now. Every setting has an option or --set.",
        "train --config | Cannot run featuremap train: missing required parameter for option '--config' (URI).",
        "train --data a --data b | Cannot run featuremap train: option '--data' (URI) should be specified only once.",
        "help trian | Cannot run featuremap: unknown subcommand 'trian'. Commands: "
            + COMMANDS
            + ".",
        "evaluate | Cannot evaluate: expected one of --run, --checkpoint or --model, got none.",
        "evaluate --run a --checkpoint b | Cannot evaluate: expected one of --run, --checkpoint or --model, got several.",
        "evaluate --run s3a://k:s@b | Cannot use --run: a URI must not contain a password. Give credentials to Hadoop's configuration.",
        "train --set train.epochs=0 | Cannot use train.epochs: expected an integer from 1 to 1000000, got 0.",
      })
  void endsWith64AndOneLineFor(String arguments, String message) {
    assertThat(cli.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(cli.err()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(cli.out()).isEmpty();
    assertThat(cli.asked(JobConfig.class)).isEmpty();
  }

  @Test
  void asksForACommand() {
    assertThat(cli.run()).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err())
        .isEqualTo(
            "featuremap: Cannot run featuremap: a command is missing. Commands: %s.%n"
                .formatted(COMMANDS));
  }

  @Test
  void listsSeveralProblems() {
    assertThat(cli.run("train", "--set", "train.epochs=0", "--set", "train.workers=0"))
        .isEqualTo(ExitCode.USAGE);

    assertThat(cli.err())
        .isEqualTo(
            """
            featuremap: Cannot use the settings, for 2 reasons:
              Cannot use train.epochs: expected an integer from 1 to 1000000, got 0.
              Cannot use train.workers: expected an integer from 1 to 65536, got 0.
            """);
  }

  @Test
  void endsWith66WhenTheConfigurationIsMissing() {
    assertThat(cli.run("summary", "--config", "/none/my.conf")).isEqualTo(ExitCode.MISSING_INPUT);
    assertThat(cli.err())
        .isEqualTo(
            "featuremap: Cannot read --config /none/my.conf: there is no such file.%n".formatted());
  }

  @ParameterizedTest
  @EnumSource(value = ExitCode.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void endsWithTheCodeOfItsFailure(ExitCode code) {
    assertThat(cli.runWith(failing(new JobException(code, "Cannot do it.")), "train"))
        .isEqualTo(code);
    assertThat(cli.err()).isEqualTo("featuremap: Cannot do it.%n".formatted());
  }

  @Test
  void findsTheFailureThatWasWrapped() {
    JobException known = new JobException(ExitCode.STORAGE_FAILED, "Cannot write x.");

    assertThat(cli.runWith(failing(new IllegalStateException("outer", known)), "train"))
        .isEqualTo(ExitCode.STORAGE_FAILED);
    assertThat(cli.err()).isEqualTo("featuremap: Cannot write x.%n".formatted());
  }

  @Test
  void showsTheStackTraceOfADefect() {
    assertThat(cli.runWith(failing(new IllegalStateException("odd")), "train"))
        .isEqualTo(ExitCode.INTERNAL);
    assertThat(cli.err())
        .startsWith(
            "featuremap: Cannot go on: unforeseen failure, got java.lang.IllegalStateException: odd.%n"
                .formatted())
        .contains("\tat dev.featuremap.job.cli.FeaturemapTest");
  }

  @Test
  void namesTheRemedyWhenMemoryIsShort() {
    assertThat(cli.runWith(failing(new OutOfMemoryError("Java heap space")), "train"))
        .isEqualTo(ExitCode.INTERNAL);
    assertThat(cli.err())
        .startsWith(
            "featuremap: Cannot go on: the driver has no memory left (Java heap space). Raise spark.driver.memory.");
  }

  @Test
  void tellsAnExecutorsLackOfMemoryFromTheDrivers() {
    Throwable ofTask = new SparkException("Job aborted", new OutOfMemoryError("Java heap space"));

    assertThat(cli.runWith(failing(ofTask), "train")).isEqualTo(ExitCode.INTERNAL);
    assertThat(cli.err())
        .startsWith(
            "featuremap: Cannot go on: an executor has no memory left (Java heap space). Raise"
                + " spark.executor.memory, or spark.driver.memory with a local master; or have"
                + " fewer workers on each executor.");
  }

  @ParameterizedTest
  @CsvSource({"train,--debug", "--debug,train"})
  void showsAnyStackTraceOnRequest(String first, String second) {
    cli.runWith(failing(new JobException(ExitCode.BAD_DATA, "Cannot read.")), first, second);

    assertThat(cli.err()).contains("featuremap: Cannot read.").contains("\tat ");
  }

  private static Consumer<JobConfig> failing(Throwable failure) {
    return config -> sneakyThrow(failure);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // lets any throwable through
  private static <E extends Throwable> void sneakyThrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
