package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.commands.publish.HistoryJob;
import dev.featuremap.job.commands.publish.PublishJob;
import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.PublicationResult;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.CountingFiles;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose best epoch is chosen by images that they are not tested on. */
class ThreeSetsRunTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  private static final int TEST_IMAGES = 40;
  private static final int VALIDATION_IMAGES = 30;

  @TempDir private Path directory;
  private Path data;
  private Path test;
  private SmallRun run;
  private RunFolder folder;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void writeThreeSets() throws IOException {
    data = new DigitFiles(directory.resolve("data"), 180, TEST_IMAGES).folder();
    test = data.resolve("test");
    for (int moved = 0; moved < VALIDATION_IMAGES; moved++) {
      Path from = find(data.resolve("train"), moved + ".png");
      Path to = data.resolve("validation").resolve(data.resolve("train").relativize(from));
      Files.createDirectories(to.getParent());
      Files.move(from, to);
    }
    run =
        SmallRun.of(data, directory.resolve("runs"))
            .with("train.epochs", 3)
            .with("checkpoint.keep-last", 100);
    folder = RunFolder.of(run.directory());
    SPARK.set("spark.hadoop.fs.file.impl", CountingFiles.class.getName());
    SPARK.set("spark.hadoop.fs.file.impl.disable.cache", "true");
    CountingFiles.take(test);
  }

  @Test
  void lookAtTheTestImagesOnceAtTheEnd() {
    RunResult result = run.train(said);

    assertThatEachTestImageWasReadOnce();
    List<EpochMetrics> epochs = EpochMetrics.fromLines(folder.text("metrics.jsonl"));
    assertThat(epochs).hasSize(3).allMatch(epoch -> epoch.set().equals("validation"));
    assertThat(epochs.subList(0, 2))
        .allSatisfy(
            epoch -> assertThat(epoch.values()).doesNotContainKeys("test-loss", "test-accuracy"));
    EpochMetrics last = epochs.get(2);
    assertThat(result.validation()).isEqualTo(last.validation());
    assertThat(result.testAccuracy()).isEqualTo(last.testAccuracy()).isBetween(0.1, 1.0);
    assertThat(result.metrics().orElseThrow().values()).isEqualTo(last.end());
    assertThat(RunResult.fromJson(folder.text("result.json"))).isEqualTo(result);
    assertThat(run.evaluate().accuracy()).isEqualTo(result.testAccuracy());
    assertThat(said.toString())
        .contains(
            "train on  150 images in file:%s/train".formatted(data),
            "validate on 30 images in file:%s/validation".formatted(data),
            "test on   40 images in file:%s/test".formatted(data),
            "validation loss ",
            "validation accuracy ",
            result.metrics().get().line());
    assertThat(folder.text("report.html"))
        .contains(
            "\"best epoch chosen on\",\"the validation images; the test images are looked at once, at the end, with its model\"",
            "\"test-macro-f1\"");
  }

  @Test
  void comeToTheModelOfARunWithTwoSets() {
    RunResult three = run.train();
    SmallRun two = run.with("run-id", "two").with("data.validation", "none");
    RunResult result = two.train(said);

    assertThat(result.parametersSha256()).isEqualTo(three.parametersSha256());
    assertThat(result.testAccuracy()).isEqualTo(three.testAccuracy());
    assertThat(result.validation()).isEmpty();
    assertThat(said.toString()).doesNotContain("validate on", "validation accuracy");
    assertThat(two.config().fingerprint()).isEqualTo(run.config().fingerprint());
    assertThat(RunFolder.of(two.directory()).text("report.html"))
        .contains(
            "\"best epoch chosen on\",\"the test images, as there are no validation images\"");
  }

  @Test
  void lookAtTheTestImagesOnceAfterAResume() {
    RunResult expected = run.train();
    folder.rewind(1);
    CountingFiles.take(test);

    RunResult resumed = run.train();

    assertThatEachTestImageWasReadOnce();
    assertThat(resumed.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(resumed.testLoss()).isEqualTo(expected.testLoss());
    assertThat(run.train().metrics()).isEqualTo(expected.metrics());
    assertThat(CountingFiles.take(test)).isEmpty();
  }

  @Test
  void goOnWithTwoSetsIfTheyBeganSo() {
    RunResult expected = run.with("data.validation", "none").train();
    folder.rewind(1);

    RunResult resumed = run.train(said);

    assertThat(resumed.validation()).isEmpty();
    assertThat(resumed.testLoss()).isEqualTo(expected.testLoss());
    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(said.toString()).contains("resumes after epoch 1").doesNotContain("validate on");
  }

  @Test
  void lookAgainAtTheirNewEnd() {
    run.train();
    CountingFiles.take(test);

    RunResult longer = run.with("train.epochs", 4).train();

    assertThatEachTestImageWasReadOnce();
    assertThat(longer.epochs()).isEqualTo(4);
    assertThat(longer.metrics()).isPresent();
  }

  @Test
  void loseNothingIfATestImageCannotBeRead() throws IOException {
    Path image = find(test, ".png");
    byte[] content = Files.readAllBytes(image);
    Files.write(image, new byte[100]);

    JobException failure = catchThrowableOfType(JobException.class, run::train);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure).hasMessageContaining(image.getFileName().toString());
    Files.write(image, content);
    CountingFiles.take(test);
    RunResult result = run.train(said);
    assertThatEachTestImageWasReadOnce();
    assertThat(said.toString()).contains("resumes after epoch 2 and 1 rounds of the next");
    assertThat(result.parametersSha256())
        .isEqualTo(run.with("run-id", "whole").train().parametersSha256());
  }

  @Test
  void arePublishedByTheirAccuracyOnValidationImages() {
    double accuracy = run.train().validation().orElseThrow().accuracy();
    org.apache.hadoop.fs.Path target =
        new org.apache.hadoop.fs.Path(directory.resolve("published").toString());
    PublishJob publish = new PublishJob(new Configuration(), new PrintWriter(said));

    JobException refused =
        catchThrowableOfType(JobException.class, () -> publish.run(request(target, 1.5)));
    PublicationResult result = publish.run(request(target, accuracy));
    new HistoryJob(new Configuration(), new PrintWriter(said)).run(target);

    assertThat(refused)
        .hasMessageContaining(
            "--min-accuracy asks for a validation accuracy of 1.5, got %s.".formatted(accuracy));
    assertThat(result.toJson())
        .contains("\"validation-accuracy\" : " + accuracy)
        .doesNotContain("test-accuracy");
    assertThat(said.toString())
        .contains(
            String.format(Locale.ROOT, "validation accuracy %.2f %%, epoch 3", 100 * accuracy));
  }

  private PublishRequest request(org.apache.hadoop.fs.Path target, double least) {
    return new PublishRequest(
        ModelLocation.ofRun(run.directory().root()),
        target,
        Set.of(),
        OptionalDouble.of(least),
        Optional.empty());
  }

  @Test
  void areStoppedByValidationImages() {
    SmallRun stopped =
        run.with("train.learning-rate", 1e-9)
            .with("early-stopping.patience", 1)
            .with("train.epochs", 9);

    RunResult result = stopped.train(said);

    assertThat(result.epochs()).isEqualTo(2);
    assertThat(said.toString()).contains("the validation accuracy has not improved in");
    assertThatEachTestImageWasReadOnce();
    assertThat(result.metrics()).isPresent();
  }

  @Test
  void takeAShareOfTheTrainingImages() throws IOException {
    SmallRun share =
        run.with("data.validation-fraction", 0.2)
            .with("data.train", "train")
            .with("data.test", "test");

    share.train(said);

    assertThat(said.toString())
        .contains(
            "train on  120 of 150 images in file:%s/train".formatted(data),
            "validate on 30 of 150 images in file:%s/train".formatted(data));
    assertThatEachTestImageWasReadOnce();
  }

  private void assertThatEachTestImageWasReadOnce() {
    Map<String, Integer> opened = CountingFiles.take(test);
    assertThat(opened).hasSize(TEST_IMAGES);
    assertThat(opened.values()).containsOnly(1);
  }

  private static Path find(Path below, String name) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> name.startsWith(".") || file.getFileName().toString().equals(name))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }
}
