package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretArgumentsTest {
  private final CommandLineTrial cli = new CommandLineTrial();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --data URI | --data",
        "train --data=URI | --data",
        "train --output URI | --output",
        "train --run-id URI | --run-id",
        "train --config URI | --config",
        "train --set data.train=URI | data.train",
        "train --set=train.init-from=URI | train.init-from",
        "train --set URI | --set",
        "train --set s3a://AKIA:ca/na=ry@bucket | --set",
        "train --set network={base=\"URI\"} | network",
        "train --data URI --bogus | --data",
        "train --bogus=URI | --bogus",
        "train --bogus URI | --bogus",
        "train URI | an argument",
        "URI | an argument",
        "validate --data URI --data URI | --data",
        "summary --set network.base=URI | network.base",
        "evaluate --run URI | --run",
        "evaluate --run a --set sync.every=URI | sync.every",
        "evaluate --run a --result URI | --result",
        "predict --checkpoint URI --to x | --checkpoint",
        "predict --model URI --to x | --model",
        "export --run a --to URI | --to",
        "publish --run a --to b --alias URI | --alias",
        "rollback --model URI@2 | --model",
        "history --model URI | --model",
        "pack --data a --to URI | --to",
      })
  void areRefusedBeforeAnythingIsPrinted(String arguments, String name) {
    String line = arguments.replace("URI", "s3a://AKIA:ca/nary@bucket/x");

    assertThat(cli.run(line.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(cli.out()).isEmpty();
    assertThat(cli.err())
        .contains(
            "Cannot use %s: a URI must not contain a password. Give credentials to Hadoop's configuration."
                .formatted(name))
        .doesNotContain("nary", "AKIA", "\tat ");
    assertThat(cli.asked(JobConfig.class)).isEmpty();
  }

  @Test
  void areAllNamedAtOnce() {
    cli.run("train", "--data", "s3a://k:s@b", "--set", "tracking.mlflow.uri=http://u:p@h");

    assertThat(cli.err())
        .contains("Cannot use --data: a URI must not contain a password.")
        .contains("Cannot use tracking.mlflow.uri: a URI must not contain credentials. Set MLFLOW");
  }

  @Test
  void areNotSuspectedInNames() {
    assertThat(cli.run("train", "--run-id", "nightly:v1@host", "--data", "/d/a:b@c"))
        .isEqualTo(ExitCode.OK);
  }
}
