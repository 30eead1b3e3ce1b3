package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.models.ModelLocation;
import dev.featuremap.job.publish.PublishRequest;
import dev.featuremap.job.publish.RollbackRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands {@code publish}, {@code rollback} and {@code history}. */
class PublishCommandsTest {
  private final List<PublishRequest> published = new ArrayList<>();
  private final List<RollbackRequest> rolledBack = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void publishesARunOrACheckpoint() {
    assertThat(run("publish", "--run=r", "--best", "--to=s3a://b/m/digits", "--min-accuracy=0.97"))
        .isEqualTo(ExitCode.OK);
    assertThat(run("publish", "--checkpoint=c", "--to=m", "--alias=champion", "--result=p.json"))
        .isEqualTo(ExitCode.OK);

    assertThat(published)
        .containsExactly(
            new PublishRequest(
                ModelLocation.bestOfRun(path("r").orElseThrow()),
                path("s3a://b/m/digits").orElseThrow(),
                Set.of(),
                OptionalDouble.of(0.97),
                Optional.empty()),
            new PublishRequest(
                ModelLocation.at(path("c").orElseThrow()),
                path("m").orElseThrow(),
                Set.of("champion"),
                OptionalDouble.empty(),
                path("p.json")));
  }

  @Test
  void rollsBackLatestOrAnotherAlias() {
    assertThat(run("rollback", "--model=m@2")).isEqualTo(ExitCode.OK);
    assertThat(run("rollback", "--model=m@1", "--alias=champion")).isEqualTo(ExitCode.OK);

    assertThat(rolledBack)
        .containsExactly(
            new RollbackRequest(path("m").orElseThrow(), 2, "latest"),
            new RollbackRequest(path("m").orElseThrow(), 1, "champion"));
  }

  @Test
  void listsTheHistoryOfAModel() {
    assertThat(run("history", "--model=m")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).isEqualTo("history of m%n".formatted());
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
    assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(published).isEmpty();
    assertThat(rolledBack).isEmpty();
  }

  private ExitCode run(String... arguments) {
    UseCases useCases =
        new UseCases(
            (config, progress) -> {},
            (request, progress) -> {},
            (config, progress) -> {},
            (request, progress) -> {},
            (request, progress) -> {},
            (request, progress) -> {},
            (request, progress) -> published.add(request),
            (request, progress) -> rolledBack.add(request),
            (model, progress) -> progress.println("history of " + model));
    return new Featuremap(useCases, () -> JobConfigLoader.of(new Configuration()))
        .run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  private static Optional<org.apache.hadoop.fs.Path> path(String uri) {
    return Optional.of(new org.apache.hadoop.fs.Path(uri));
  }
}
