package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.UnderTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/featuremap}, which people type. */
class ScriptsIT {
  private static final Path SCRIPTS = Path.of("..", "scripts").toAbsolutePath().normalize();
  private static final long LIMIT_SECONDS = 120;

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private record Outcome(int code, String output, String errors) {}

  @Test
  void printsItsVersion() throws Exception {
    Outcome outcome = run("--version");

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.output()).startsWith("featuremap 0.");
    assertThat(outcome.errors()).as("the jar is up to date").doesNotContain("building");
  }

  @Test
  void printsTheNetworkAndTheSettings() throws Exception {
    Outcome outcome = run("summary", "--set", "network=lenet-5");

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.output()).contains("61,706 parameters", "train.epochs", "fingerprint");
  }

  @Test
  void endsWith64ForAnUnknownCommand() throws Exception {
    Outcome outcome = run("trian");

    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.errors())
        .contains("Cannot run featuremap: unknown command, got 'trian', expected one of: train ");
  }

  @Test
  void handsTheExitCodeOfTheJobOn() throws Exception {
    Outcome outcome = run("summary", "--set", "train.epoch=3");

    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.errors())
        .contains("featuremap: Cannot use train.epoch: unknown key. Did you mean train.epochs?")
        .doesNotContain("\tat ");
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve("featuremap").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SPARK_") || name.equals("MASTER"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process script = builder.start();
    try {
      assertThat(script.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
    } finally {
      // The script becomes Java itself, after Spark's launcher has told it how.
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
    return new Outcome(script.exitValue(), Files.readString(output), Files.readString(errors));
  }
}
