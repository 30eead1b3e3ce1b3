package dev.featuremap.job.it;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.UnderTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people type of {@code scripts/}. */
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

  /** Java splits its class path at a colon, and names in an ASCII locale are ASCII. */
  @Test
  void trainInACloneOfAnyName() throws Exception {
    Path clone = Files.createDirectory(directory.resolve("x:y [1] #\u00e9%41"));
    for (String part : List.of("scripts", "conf")) {
      FileUtils.copyDirectory(SCRIPTS.resolveSibling(part).toFile(), clone.resolve(part).toFile());
    }
    Path job = Files.createDirectory(clone.resolve("spark-job"));
    Files.createSymbolicLink(job.resolve("target"), Path.of("target").toAbsolutePath());
    Path data = MnistFiles.firstDigits(Files.createDirectory(clone.resolve("data")), 60, 20, "");
    Path runs = clone.resolve("runs \u00e4");

    Outcome outcome =
        runScript(
            clone.resolve("scripts/featuremap"),
            Map.of("LC_ALL", "C", "XDG_CACHE_HOME", directory.resolve("cache").toString()),
            List.of(
                "train",
                "--data=" + data,
                "--output=" + runs,
                "--run-id=odd",
                "--set=train.epochs=1"));

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.output()).contains("60 images of [1, 28, 28] in file:" + data);
    assertThat(outcome.errors()).doesNotContain("building");
    assertThat(runs.resolve("odd/_SUCCESS")).exists();
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

  @Test
  void givesTheDigitsAsDefaultBelowTheConfigurationFile() throws Exception {
    Path data =
        MnistFiles.firstDigits(Files.createDirectory(directory.resolve("data")), 60, 20, "");
    Path config = Files.writeString(directory.resolve("my.conf"), "data.path = \"" + data + "\"");

    Outcome outcome =
        run("-v", "validate", "--config", config.toUri().toString(), "--output=" + directory);

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.output() + outcome.errors())
        .contains("spark.hadoop.featuremap.data,file://" + SCRIPTS.resolveSibling("data/mnist"))
        .contains("60 images of [1, 28, 28] in file:" + data);
  }

  @Test
  void leavesTheDataOfAnEvaluatedRunAlone() throws Exception {
    String run = directory.resolve("none").toString();

    Outcome outcome = run("-v", "evaluate", "--run", run);

    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(66);
    assertThat(outcome.output() + outcome.errors())
        .contains("Cannot evaluate " + run)
        .doesNotContain("featuremap.data", "--data");
  }

  @Test
  void stopsAClusterWithoutTouchingWhatItDidNotMake() throws Exception {
    Path foreign = Files.createFile(directory.resolve("foreign.pid"));
    Path work = Files.createDirectory(directory.resolve("work-of-mine"));

    Outcome outcome = runScript("cluster", "stop");

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(foreign).exists();
    assertThat(work).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "--workers, 0, --workers must be a positive number",
    "--cores, two, --cores must be a positive number",
    "--memory, 1gb!, '--memory must be a size such as 512m or 2g'"
  })
  void startsNoClusterOf(String option, String value, String rule) throws Exception {
    Outcome outcome = runScript("cluster", "start", option, value);

    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.errors())
        .startsWith("Cannot run cluster: %s, got %s, expected: ".formatted(rule, value));
  }

  @Test
  void printsTheMedianOfTheSeedsInALedgerOfFinishedRuns() throws Exception {
    List<String> ledger = Files.readAllLines(SCRIPTS.resolve("sync-table.tsv")).subList(0, 2);
    Path file = directory.resolve("ledger.tsv");
    Files.write(file, ledger);
    Files.writeString(file, "4\tepoch\tnone\t1\t0.91\t0.3\t0.5\t60.0\tabc\n", APPEND);
    Files.writeString(file, "4\tepoch\tnone\t2\t0.9\t0.3\t0.5\t60.0\tabc\n", APPEND);
    Files.writeString(file, "4\tepoch\tnone\t3\t0.905\t0.3\t0.5\t60.0\tabc\n", APPEND);
    Files.writeString(file, "16\tepoch\tnone\t1\t0.85\t0.3\t0.5\t60.0\tabc\n", APPEND);

    Outcome outcome = runScript("sync-table", "--print", "--ledger", file.toString());

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.output())
        .contains("| epoch | none |  | 90.50 % (90.00 to 91.00) | 85.00 % (one seed) |");
  }

  @Test
  void mixesNoResultsOfOtherOptimizersAndRates() throws Exception {
    List<String> ledger = Files.readAllLines(SCRIPTS.resolve("sync-table.tsv")).subList(0, 2);
    Path file = directory.resolve("ledger.tsv");
    Files.write(file, ledger);
    String point = "16\tepoch\tnone\t1\t%s\t0.3\t0.5\t60.0\tabc%s\n";
    String muon = "\ttrain.optimizer.type=muon train.learning-rate=";
    for (String line :
        List.of(
            point.formatted("0.85", ""),
            point.formatted("0.88", muon + "0.04"),
            point.formatted("0.87", muon + "0.08"))) {
      Files.writeString(file, line, APPEND);
    }

    Outcome outcome = runScript("sync-table", "--print", "--ledger", file.toString());

    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.output())
        .contains("| epoch | none |  |  | 85.00 % (one seed) |")
        .contains("| 16 | epoch | none | `type=muon learning-rate=0.04` | 88.00 % (one seed) |")
        .contains("| 16 | epoch | none | `type=muon learning-rate=0.08` | 87.00 % (one seed) |");
  }

  @Test
  void addsToNoLedgerOfOtherSettings() throws Exception {
    Path file = Files.writeString(directory.resolve("ledger.tsv"), "# train.epochs=6\n");

    Outcome outcome = runScript("sync-table", "--ledger", file.toString());

    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.errors())
        .startsWith("Cannot make the table: %s is of other settings, got '# train".formatted(file));
  }

  @Test
  void takesNoOtherPhotographsForTheOnesItFetches() throws Exception {
    Path photos = directory.resolve("photos");
    for (String set : List.of("train", "validation")) {
      Files.writeString(Files.createDirectories(photos.resolve(set)).resolve("a.jpg"), set);
    }

    Outcome some = runScript("fetch-photos", photos.toString());
    Files.writeString(Files.createDirectory(photos.resolve("test")).resolve("a.jpg"), "test");
    Outcome all = runScript("fetch-photos", photos.toString());

    assertThat(some.code()).as(some.errors()).isEqualTo(65);
    assertThat(some.errors())
        .startsWith("Cannot fetch into %s: it has a train already, but not all".formatted(photos));
    assertThat(all.code()).as(all.errors()).isEqualTo(65);
    assertThat(all.errors()).startsWith("Cannot use %s: the SHA-256 of all".formatted(photos));
    assertThat(photos.resolve("train/a.jpg")).hasContent("train");
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return runScript("featuremap", arguments);
  }

  private Outcome runScript(String script, String... arguments)
      throws IOException, InterruptedException {
    return runScript(SCRIPTS.resolve(script), Map.of(), List.of(arguments));
  }

  private Outcome runScript(Path script, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SPARK_") || name.equals("MASTER"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("FEATUREMAP_CLUSTER_DIR", directory.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
    } finally {
      // The script becomes Java itself, after Spark's launcher has told it how.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
  }
}
