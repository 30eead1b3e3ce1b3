package dev.featuremap.job.commands.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.models.registry.ModelReference;
import dev.featuremap.job.record.PublicationResult;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PublishJobTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static SmallRun run;
  private static RunResult trained;

  @TempDir private Path models;
  private org.apache.hadoop.fs.Path target;
  private final StringWriter said = new StringWriter();

  /** The second epoch undoes the first, which is therefore the best. */
  @BeforeAll
  static void train() throws IOException {
    run =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("runs"))
            .with("train.schedule.type", "step")
            .with("train.schedule.step-epochs", 1)
            .with("train.schedule.factor", 1_000)
            .with("train.clip-norm", 1);
    trained = run.train();
  }

  @BeforeEach
  void nameTheModel() {
    target = hadoop(models.resolve("digits"));
  }

  @Test
  void copiesTheNewestCheckpointAsItIs() throws IOException {
    PublicationResult result = publish(newest());

    assertThat(result.model()).isEqualTo(target + "@1");
    assertThat(result.isNew()).isTrue();
    assertThat(result.source()).isEqualTo(trained.checkpoint());
    assertThat(result.run()).contains(run.directory().root().toString());
    assertThat(result.epochs()).isEqualTo(2);
    assertThat(result.accuracy()).isEqualTo(trained.testAccuracy());
    assertThat(publishedFile())
        .hasSameBinaryContentAs(
            RunFolder.of(run.directory()).checkpointFile("2-2", "model.safetensors"));
    assertThat(said.toString()).isEqualTo("published %s@1 as latest%n".formatted(target));
  }

  @Test
  void takesTheBestCheckpointOnRequest() {
    PublicationResult best = publish(ModelLocation.bestOfRun(run.directory().root()));

    assertThat(best.epochs()).isEqualTo(1);
    assertThat(best.accuracy()).isGreaterThan(trained.testAccuracy());
  }

  @Test
  void outlivesTheRun() throws IOException {
    Path copy = models.resolve("run");
    FileUtil.copy(
        Path.of(run.directory().root().toUri().getPath()).toFile(),
        hadoop(copy).getFileSystem(new Configuration()),
        hadoop(copy),
        false,
        new Configuration());
    publish(ModelLocation.ofRun(hadoop(copy)));
    FileUtil.fullyDelete(copy.toFile());

    ModelFile model = new ModelLookup(new Configuration(), "use").at(latest());
    assertThat(model.plan().parameters()).isEqualTo(4_408);
  }

  @Test
  void saysThatACheckpointIsPublishedAlready() {
    publish(newest());
    PublicationResult again = publish(newest());

    assertThat(again.isNew()).isFalse();
    assertThat(again.version()).isEqualTo(1);
    assertThat(said.toString())
        .endsWith("%s@1 is this model already, as latest; nothing was written%n".formatted(target));
  }

  @Test
  void saysWhenARetryFindsItsVersionRolledBack() {
    publish(ModelLocation.bestOfRun(run.directory().root()));
    publish(newest());
    RollbackRequest back = new RollbackRequest(target, 1, "latest");
    new RollbackJob(new Configuration(), new PrintWriter(said)).run(back);
    new RollbackJob(new Configuration(), new PrintWriter(said)).run(back);
    publish(newest());

    assertThat(said.toString())
        .endsWith(
            "latest of %1$s is version 1 now%nlatest of %1$s is version 1 already%n%1$s@2 is this model already, which no alias names; nothing was written%n"
                .formatted(target));
  }

  @Test
  void listsWhatHappened() {
    publish(newest());
    publish(
        ModelLocation.at(new org.apache.hadoop.fs.Path(trained.checkpoint(), "model.safetensors")));
    new RollbackJob(new Configuration(), new PrintWriter(new StringWriter()))
        .run(new RollbackRequest(target, 1, "champion"));
    said.getBuffer().setLength(0);
    new HistoryJob(new Configuration(), new PrintWriter(said)).run(target);

    assertThat(said.toString().lines().map(line -> line.replaceAll("20[0-9T:.-]+Z", "TIME")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        "1  TIME  published as latest: test accuracy [0-9.]+ %, epoch 2, sha256 [0-9a-f]{12}, from \\Q"
                            + trained.checkpoint()
                            + "\\E"),
            line -> assertThat(line).startsWith("2  TIME  published as latest: sha256 "),
            line -> assertThat(line).isEqualTo("3  TIME  moved champion to version 1"),
            line -> assertThat(line).isEqualTo("champion is version 1"),
            line -> assertThat(line).isEqualTo("latest is version 2"));
  }

  @Test
  void listsNothingWhereNothingIsPublished() {
    assertThatThrownBy(() -> new HistoryJob(new Configuration(), new PrintWriter(said)).run(target))
        .hasMessage(
            "Cannot show the history of %s: nothing is published there. Give the directory that was given to featuremap publish."
                .formatted(target));
  }

  @Test
  void passesAGateThatIsMet() {
    assertThat(publish(newest(), trained.testAccuracy()).isNew()).isTrue();
  }

  @Test
  void publishesNothingBelowTheGate() {
    assertRefused(
        newest(),
        0.999,
        ExitCode.REFUSED,
        "Cannot publish %s: --min-accuracy asks for a test accuracy of 0.999, got %s. Nothing was published."
            .formatted(trained.checkpoint(), trained.testAccuracy()));
    assertThat(models).isEmptyDirectory();
  }

  @Test
  void cannotHoldAFileAgainstTheGate() {
    assertRefused(
        ModelLocation.at(new org.apache.hadoop.fs.Path(trained.checkpoint())),
        0.1,
        ExitCode.USAGE,
        "Cannot publish %s with --min-accuracy: the test accuracy of a file is not known. Give --run."
            .formatted(trained.checkpoint()));
  }

  @Test
  void takesAnEpochThatWasNotFinishedForNotAccurateEnough() {
    SmallRun killed =
        run.with("run-id", "killed")
            .with("train.epochs", 1)
            .with("sync.every", "4 steps")
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 9);
    killed.train();
    RunFolder.of(killed.directory()).rewind(1);

    assertThatThrownBy(() -> publish(ModelLocation.ofRun(killed.directory().root()), 0.1))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessageStartingWith(
            "Cannot publish %s/checkpoints/0-1-".formatted(killed.directory().root()))
        .hasMessageEndingWith(
            ": --min-accuracy asks for a test accuracy of 0.1, got none: the epoch was not finished. Nothing was published.");
  }

  @Test
  void publishesNoOlderCheckpointThanTheDamagedOne() throws IOException {
    Path copy = models.resolve("run");
    FileUtil.copy(
        Path.of(run.directory().root().toUri().getPath()).toFile(),
        hadoop(copy).getFileSystem(new Configuration()),
        hadoop(copy),
        false,
        new Configuration());
    Path file = new RunFolder(copy).checkpointFile("2-2", "model.safetensors");
    byte[] flipped = Files.readAllBytes(file);
    flipped[flipped.length - 1] ^= 1;
    Files.delete(file.resolveSibling(".model.safetensors.crc"));
    Files.write(file, flipped);

    assertThatThrownBy(() -> publish(ModelLocation.ofRun(hadoop(copy))))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessageStartingWith("Cannot publish file:%s/checkpoints/1-1-".formatted(copy))
        .hasMessageContaining(
            ": newer checkpoints of the run must be intact, got:%n  manifests/".formatted())
        .hasMessageContaining("model.safetensors has SHA-256 ")
        .hasMessageEndingWith("To publish this one nonetheless, give it as --checkpoint.");
  }

  @Test
  void writesItsResultForSchedulers() {
    Path result = models.resolve("publication.json");
    new PublishJob(new Configuration(), new PrintWriter(said))
        .run(
            new PublishRequest(
                newest(),
                target,
                Set.of("champion"),
                OptionalDouble.empty(),
                Optional.of(hadoop(result))));

    assertThat(result)
        .content()
        .contains(
            "\"model\" : \"%s@1\",".formatted(target),
            "\"version\" : 1,",
            "\"new\" : true,",
            "\"source\" : \"%s\",".formatted(trained.checkpoint()),
            "\"test-accuracy\" : %s%n".formatted(trained.testAccuracy()));
  }

  private void assertRefused(ModelLocation model, double least, ExitCode code, String message) {
    assertThatThrownBy(() -> publish(model, least))
        .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessage(message);
  }

  private PublicationResult publish(ModelLocation model) {
    return publish(model, 0);
  }

  private PublicationResult publish(ModelLocation model, double least) {
    return new PublishJob(new Configuration(), new PrintWriter(said))
        .run(
            new PublishRequest(
                model,
                target,
                Set.of(),
                least == 0 ? OptionalDouble.empty() : OptionalDouble.of(least),
                Optional.empty()));
  }

  private static ModelLocation newest() {
    return ModelLocation.ofRun(run.directory().root());
  }

  private ModelLocation latest() {
    return ModelLocation.published(new ModelReference(target, ModelReference.LATEST));
  }

  private Path publishedFile() throws IOException {
    try (Stream<Path> files = Files.walk(models)) {
      return files.filter(file -> file.endsWith("model.safetensors")).findFirst().orElseThrow();
    }
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
