package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that nobody knows is a wrong setting, whichever option names it. */
class UnknownHostTest {
  private static final String NOWHERE = "hdfs://no.such.host.invalid/place";

  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "summary --config=NOWHERE",
        "summary --set=network=NOWHERE.conf",
        "train --data=NOWHERE --output=RUNS --run-id=small",
        "train --data=DATA --output=NOWHERE --run-id=small",
        "train --data=DATA --output=RUNS --run-id=small --set=train.init-from=NOWHERE",
        "evaluate --checkpoint NOWHERE",
        "evaluate --run NOWHERE",
        "evaluate --model NOWHERE",
        "history --model NOWHERE",
        "rollback --model NOWHERE@1",
        "pack --data=DATA --to NOWHERE"
      })
  void endsWith64AtOnceWhoeverIsAsked(String command) throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    String[] arguments =
        Stream.of(command.split(" "))
            .map(word -> word.replace("NOWHERE", NOWHERE))
            .map(word -> word.replace("DATA", data.toString()))
            .map(word -> word.replace("RUNS", directory.resolve("runs").toString()))
            .toArray(String[]::new);
    StringWriter err = new StringWriter();
    long begin = System.nanoTime();

    ExitCode code =
        Featuremap.onSpark()
            .run(arguments, new PrintWriter(new StringWriter()), new PrintWriter(err));

    assertThat(code).as(err.toString()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("no.such.host.invalid").doesNotContain("\tat ");
    // A minute is the patience with a store that is away.
    assertThat(System.nanoTime() - begin).isLessThan(50_000_000_000L);
  }
}
