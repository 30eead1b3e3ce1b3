package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.commands.publish.RollbackRequest;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.models.lookup.ModelLocation;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands {@code publish}, {@code rollback} and {@code history}. */
class PublishCommandsTest {
  private final CommandLineTrial cli = new CommandLineTrial();

  @Test
  void publishesARunOrACheckpoint() {
    assertThat(
            cli.run("publish", "--run=r", "--best", "--to=s3a://b/m/digits", "--min-accuracy=0.97"))
        .isEqualTo(ExitCode.OK);
    assertThat(
            cli.run("publish", "--checkpoint=c", "--to=m", "--alias=champion", "--result=p.json"))
        .isEqualTo(ExitCode.OK);

    assertThat(cli.asked(PublishRequest.class))
        .containsExactly(
            new PublishRequest(
                ModelLocation.bestOfRun(CommandLineTrial.path("r").orElseThrow()),
                CommandLineTrial.path("s3a://b/m/digits").orElseThrow(),
                Set.of(),
                OptionalDouble.of(0.97),
                Optional.empty()),
            new PublishRequest(
                ModelLocation.at(CommandLineTrial.path("c").orElseThrow()),
                CommandLineTrial.path("m").orElseThrow(),
                Set.of("champion"),
                OptionalDouble.empty(),
                CommandLineTrial.path("p.json")));
  }

  @Test
  void rollsBackLatestOrAnotherAlias() {
    assertThat(cli.run("rollback", "--model=m@2")).isEqualTo(ExitCode.OK);
    assertThat(cli.run("rollback", "--model=m@1", "--alias=champion")).isEqualTo(ExitCode.OK);

    assertThat(cli.asked(RollbackRequest.class))
        .containsExactly(
            new RollbackRequest(CommandLineTrial.path("m").orElseThrow(), 2, "latest"),
            new RollbackRequest(CommandLineTrial.path("m").orElseThrow(), 1, "champion"));
  }

  @Test
  void listsTheHistoryOfAModel() {
    assertThat(cli.run("history", "--model=m")).isEqualTo(ExitCode.OK);

    assertThat(cli.out()).isEqualTo("history of m%n".formatted());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish --run r | Cannot run featuremap publish: missing required option: '--to=URI'.",
        "publish --to m | Cannot publish: expected one of --run or --checkpoint, got none.",
        "publish --to m --model n | Cannot run featuremap publish: unknown option --model. Options: --alias, --best, --checkpoint, --debug, --help, --min-accuracy, --result, --run, --to, --version.",
        "publish --run r --to m@3 | Cannot publish to m@3: the new version gets its number by itself. Leave @3 out.",
        "publish --run r --to m --alias 3 | Cannot publish with --alias 3: expected a letter, then letters, digits, '.', '_' or '-', at most 100.",
        "publish --run r --to m --min-accuracy 97 | Cannot publish with --min-accuracy 97.0: expected a share from 0 to 1, such as 0.97.",
        "publish --run r --to m --min-accuracy high | Cannot run featuremap publish: invalid value for option '--min-accuracy': 'high' is not a double.",
        "rollback | Cannot run featuremap rollback: missing required option: '--model=URI@VERSION'.",
        "rollback --model m | Cannot roll back m: expected a version behind @, such as m@2. featuremap history lists them.",
        "rollback --model m@latest | Cannot roll back m@latest: expected a version behind @, such as m@2. featuremap history lists them.",
        "rollback --model m@2 --alias @ | Cannot roll back with --alias @: expected a letter, then letters, digits, '.', '_' or '-', at most 100.",
        "history | Cannot run featuremap history: missing required option: '--model=URI'.",
      })
  void refusesToPublishInNoWay(String arguments, String message) {
    assertThat(cli.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(cli.err()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(cli.isIdle()).isTrue();
  }
}
