package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands in a session as notebooks have it: nothing in its settings is for them. */
class RunningSessionTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static Path data;
  private static String digest;
  private static JavaSparkContext spark;
  private static SparkSession session;

  @BeforeAll
  static void trainByTheCommand() throws IOException {
    data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    digest = SmallRun.of(data, directory.resolve("command")).train().parametersSha256();
    spark =
        new JavaSparkContext(
            new SparkConf(false)
                .setMaster("local[2]")
                .setAppName("notebook")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.ui.enabled", "false"));
    session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void runsTheSameCommandTwiceToTheSameBitsAndTheSessionGoesOn() throws Exception {
    spark.setJobDescription("a cell of mine");
    Featuremap.main(train("first"));
    Featuremap.main(train("second"));

    assertThat(List.of(sha256("first"), sha256("second"))).containsOnly(digest);
    assertThat(spark.parallelize(List.of(1, 2, 3)).count()).isEqualTo(3);
    assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("a cell of mine");
    assertThat(spark.getJobTags()).isEmpty();
    assertThat(spark.getPersistentRDDs()).isEmpty();
  }

  @Test
  void runsEveryCommandThatNeedsSpark() throws Exception {
    Featuremap.main(train("used"));
    String run = directory.resolve("runs/used").toString();

    Featuremap.main(new String[] {"evaluate", "--run", run});
    Featuremap.main(new String[] {"validate", "--data=" + data, "--output=" + run});
    Featuremap.main(new String[] {"pack", "--data=" + data, "--to=" + directory.resolve("packed")});
    Featuremap.main(
        new String[] {
          "predict", "--run=" + run, "--data=" + data, "--to=" + directory.resolve("predicted")
        });

    assertThat(directory.resolve("packed/_SUCCESS")).exists();
    assertThat(directory.resolve("predicted/_SUCCESS")).exists();
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(session.conf().getOption("spark.sql.files.minPartitionNum").isEmpty()).isTrue();
    assertThat(session.range(5).count()).isEqualTo(5);
  }

  @Test
  void trainsByTheProgramsOwnCallToTheBitsOfTheCommand() {
    String result = Featuremap.train(session, settings("called"));

    assertThat(RunResult.fromJson(result).parametersSha256()).isEqualTo(digest);
    assertThat(result).isEqualTo(text("called", "result.json"));
  }

  @Test
  void goesOnFromTheCheckpointOfTheCommand() throws Exception {
    Featuremap.main(train("longer"));
    Map<String, String> more = settings("longer");
    more.put("train.epochs", "3");

    RunResult result = RunResult.fromJson(Featuremap.train(session, more));

    assertThat(result.epochs()).isEqualTo(3);
    assertThat(text("longer", "status.json")).contains("\"attempt\" : 2");
  }

  @Test
  void failsByAnExceptionWithTheExitCodeWhereTheProcessMustNotEnd() {
    assertThatThrownBy(() -> Featuremap.main(new String[] {"train", "--set=train.epoch=2"}))
        .isInstanceOf(FeaturemapException.class)
        .hasMessageStartingWith("Featuremap ended with exit code 64: ")
        .hasMessageContaining("train.epoch");

    Map<String, String> wrong = settings("none");
    wrong.put("data.path", directory.resolve("nothing").toString());
    assertThatThrownBy(() -> Featuremap.train(session, wrong))
        .isInstanceOfSatisfying(
            FeaturemapException.class, e -> assertThat(e.exitCode()).isEqualTo(66))
        .hasMessageStartingWith("Featuremap ended with exit code 66: ");
    assertThat(spark.sc().isStopped()).isFalse();
  }

  @Test
  void readsTheSettingsOfAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("two.conf"), "train.epochs = 2\n");
    Map<String, String> settings = settings("by-file");
    settings.remove("train.epochs");

    String result = Featuremap.train(session, settings, file.toUri().toString());

    assertThat(RunResult.fromJson(result).parametersSha256()).isEqualTo(digest);
  }

  @Test
  void endsInTimeWithoutTheJobsOfOthers() {
    JavaFutureAction<Void> others =
        spark.parallelize(List.of(1), 1).foreachAsync(any -> TimeUnit.SECONDS.sleep(8));
    Map<String, String> brief = settings("short");
    brief.put("train.epochs", "100000");
    brief.put("limits.max-minutes", "0.05");

    assertThatThrownBy(() -> Featuremap.train(session, brief))
        .isInstanceOfSatisfying(
            FeaturemapException.class, e -> assertThat(e.exitCode()).isEqualTo(124));
    assertThatCode(others::get).doesNotThrowAnyException();
  }

  private static String[] train(String run) {
    return new String[] {
      "train",
      "--data=" + data,
      "--output=" + directory.resolve("runs"),
      "--run-id=" + run,
      "--set=train.epochs=2",
      "--set=train.batch-size=32",
      "--set=train.workers=2",
      "--set=train.learning-rate=0.1",
      "--set=train.optimizer.type=sgd",
      "--set=train.schedule.type=constant"
    };
  }

  private static Map<String, String> settings(String run) {
    Map<String, String> settings = new HashMap<>();
    for (String argument : train(run)) {
      if (argument.startsWith("--set=")) {
        String[] parts = argument.substring(6).split("=", 2);
        settings.put(parts[0], parts[1]);
      }
    }
    settings.put("run-id", run);
    settings.put("data.path", data.toString());
    settings.put("output.path", directory.resolve("runs").toString());
    return settings;
  }

  private static String sha256(String run) {
    return RunResult.fromJson(text(run, "result.json")).parametersSha256();
  }

  private static String text(String run, String file) {
    return new RunFolder(directory.resolve("runs").resolve(run)).text(file);
  }
}
