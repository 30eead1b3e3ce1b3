package dev.featuremap.job.models.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.commands.publish.PublishJob;
import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitialModelFileTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path shared;
  private static SmallRun trained;
  private static Path run;
  private static Path published;

  @TempDir private Path directory;

  private final InitialModelFile files = new InitialModelFile(new Configuration());

  /** The second epoch undoes the first, which is therefore the best. */
  @BeforeAll
  static void train() throws IOException {
    trained =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(shared.resolve("data"))),
                shared.resolve("runs"))
            .with("train.schedule.type", "step")
            .with("train.schedule.step-epochs", 1)
            .with("train.schedule.factor", 1_000)
            .with("train.clip-norm", 1);
    trained.train();
    run = Path.of(trained.directory().root().toUri().getPath());
    published = shared.resolve("digits");
    publish(ModelLocation.bestOfRun(trained.directory().root()));
    publish(ModelLocation.ofRun(trained.directory().root()));
  }

  private static void publish(ModelLocation location) {
    new PublishJob(new Configuration(), new PrintWriter(Writer.nullWriter()))
        .run(
            new PublishRequest(
                location,
                new org.apache.hadoop.fs.Path(published.toString()),
                Set.of(),
                OptionalDouble.empty(),
                Optional.empty()));
  }

  @Test
  void aFileIsItself() throws IOException {
    Path file = Files.createFile(directory.resolve("m@v.safetensors"));

    assertThat(find(file)).isEqualTo(file);
  }

  @Test
  void whatIsNotThereIsLeftToWhoeverReadsIt() {
    for (String name : new String[] {"none", "none@3", "none.safetensors", "no@me/x@", "@"}) {
      assertThat(find(directory.resolve(name))).isEqualTo(directory.resolve(name));
    }
    org.apache.hadoop.fs.Path elsewhere = new org.apache.hadoop.fs.Path("absent://nn/m@best");
    assertThat(files.apply(elsewhere)).isEqualTo(elsewhere);
  }

  @Test
  void aRunStandsForItsNewestCheckpoint() {
    assertThat(find(run)).isEqualTo(checkpoint("2-2"));
  }

  @Test
  void aRunAtBestStandsForItsBestCheckpoint() {
    assertThat(find(shared.resolve("runs/small@best"))).isEqualTo(checkpoint("1-1"));
  }

  @Test
  void aCheckpointStandsForItsModel() {
    assertThat(find(checkpoint("1-1").getParent())).isEqualTo(checkpoint("1-1"));
  }

  @Test
  void aPublishedModelStandsForItsNewestVersion() {
    assertThat(find(published)).hasSameBinaryContentAs(checkpoint("2-2"));
    assertThat(find(shared.resolve("digits@latest"))).isEqualTo(find(published));
  }

  @Test
  void aVersionStandsForItself() {
    assertThat(find(shared.resolve("digits@1"))).hasSameBinaryContentAs(checkpoint("1-1"));
  }

  @Test
  void refusesAVersionThatIsNotThere() {
    assertFails(
        shared.resolve("digits@9"),
        ExitCode.MISSING_INPUT,
        "Cannot start from %s@9: there is no such version or alias, expected one of 1, 2 or latest."
            .formatted(published));
    assertFails(
        shared.resolve("digits@0"),
        ExitCode.USAGE,
        "Cannot use train.init-from: expected a directory, or one with @ and a version or an alias,"
            + " such as digits@3, got %s@0.".formatted(published));
  }

  @Test
  void refusesAVersionThatIsDamaged() throws IOException {
    Path copy = directory.resolve("damaged");
    copy(published, copy);
    Path model = find(copy);
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length - 1] ^= 1;
    Files.write(model, bytes);

    assertThatThrownBy(() -> find(copy))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessageStartingWith(
            "Cannot start from %s@2: its bytes must be those that were published.", copy);
  }

  /** As Spark ML saves a pipeline, a search, and a search over pipelines. */
  @ParameterizedTest
  @ValueSource(
      strings = {"stages/1_cnnClassifier_a", "bestModel", "bestModel/stages/0_cnnClassifier_a"})
  void whatSparkMlSavesAroundAModelStandsForIt(String inner) throws IOException {
    Path stage = Files.createDirectories(directory.resolve("saved").resolve(inner));
    Files.createDirectories(directory.resolve("saved/metadata"));
    Path model = Files.createFile(stage.resolve("model.safetensors"));
    Files.createDirectories(stage.resolveSibling("0_vectorAssembler/metadata"));

    assertThat(find(directory.resolve("saved"))).isEqualTo(model);
  }

  @Test
  void refusesToChooseAmongStages() throws IOException {
    for (String stage : new String[] {"0_a", "1_b"}) {
      Path stages = Files.createDirectories(directory.resolve("stages").resolve(stage));
      Files.createFile(stages.resolve("model.safetensors"));
    }

    assertFails(
        directory,
        ExitCode.USAGE,
        "Cannot start from %s: it has 2 models. Name one of them, such as file:%1$s/stages/0_a/model.safetensors."
            .formatted(directory));
  }

  @Test
  void refusesADirectoryWithoutAModel() throws IOException {
    Files.createDirectory(directory.resolve("manifests"));
    assertFails(
        directory,
        ExitCode.MISSING_INPUT,
        "Cannot start from %s: it has no checkpoint. Give a run, a published model, a model that"
                .formatted(directory)
            + " Spark ML has saved, or a safetensors file.");

    Files.delete(directory.resolve("manifests"));
    assertFails(
        directory,
        ExitCode.MISSING_INPUT,
        "Cannot start from %s: it has no model. Give a run, a published model, a model that"
                .formatted(directory)
            + " Spark ML has saved, or a safetensors file.");
  }

  @Test
  void aRunStartsFromAnother() {
    SmallRun warm =
        trained
            .with("run-id", "warm")
            .with("train.epochs", 1)
            .with("train.learning-rate", 1e-30)
            .with("train.init-from", shared.resolve("digits@1"));
    StringWriter said = new StringWriter();

    warm.train(said);

    assertThat(said.toString())
        .contains(
            "starts from file:%s%n".formatted(find(shared.resolve("digits@1"))),
            "takes 4 tensors with 4,408 values%n".formatted());
    assertThat(RunFolder.of(warm.directory()).checkpointFile("1-1", "model.safetensors"))
        .hasSameBinaryContentAs(checkpoint("1-1"));
    assertThat(RunFolder.of(warm.directory()).text("config.conf"))
        .contains("init-from=\"file:%s\"".formatted(find(shared.resolve("digits@1"))));
  }

  private static Path checkpoint(String epochAndRound) {
    return RunFolder.of(trained.directory()).checkpointFile(epochAndRound, "model.safetensors");
  }

  private Path find(Path given) {
    org.apache.hadoop.fs.Path found = files.apply(new org.apache.hadoop.fs.Path(given.toString()));
    return Path.of(found.toUri().getPath());
  }

  private void assertFails(Path given, ExitCode code, String message) {
    assertThatThrownBy(() -> find(given))
        .isInstanceOfSatisfying(
            JobException.class, failure -> assertThat(failure.exitCode()).isEqualTo(code))
        .hasMessage(message);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
