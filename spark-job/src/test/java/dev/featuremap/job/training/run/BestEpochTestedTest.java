package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.commands.evaluate.EvaluationJob;
import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.record.EpochMetrics;
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
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs whose last stage spoils the model: the test images judge that of an earlier one, of which a
 * part was frozen.
 */
class BestEpochTestedTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  private static final String SPOILED =
      "[{epochs=2, freeze=[conv1]}, {epochs=1, learning-rate=1000, clip-norm=1}]";

  @TempDir private Path directory;
  private Path test;
  private SmallRun run;
  private RunFolder folder;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void writeImages() throws IOException {
    Path data = new DigitFiles(directory.resolve("data"), 180, 40).folder();
    test = data.resolve("test");
    run =
        SmallRun.of(data, directory.resolve("runs"))
            .with("data.validation-fraction", 0.3)
            .with("train.stages", SPOILED)
            .with("checkpoint.keep-last", 1);
    folder = RunFolder.of(run.directory());
    SPARK.set("spark.hadoop.fs.file.impl", CountingFiles.class.getName());
    SPARK.set("spark.hadoop.fs.file.impl.disable.cache", "true");
    CountingFiles.take(test);
  }

  @Test
  void haveTheFiguresOfTheModelThatBestNames() {
    RunResult result = run.train(said);

    assertThat(CountingFiles.take(test).values()).hasSize(40).containsOnly(1);
    List<EpochMetrics> epochs = EpochMetrics.fromLines(folder.text("metrics.jsonl"));
    int best = best(epochs);
    assertThat(best).isBetween(1, 2);
    assertThat(result.metrics().orElseThrow().epoch()).hasValue(best);
    assertThat(result.testAccuracy()).isEqualTo(accuracyOf(true));
    assertThat(result.testAccuracy()).isNotEqualTo(accuracyOf(false));
    assertThat(result.validation()).isEqualTo(epochs.get(2).validation());
    assertThat(result.epochs()).isEqualTo(3);
    assertThat(epochs.get(2).testedEpoch()).isEqualTo(best);
    assertThat(folder.text("result.json")).contains("\"test-epoch\" : " + best + ",");
    assertThat(RunResult.fromJson(folder.text("result.json"))).isEqualTo(result);
    assertThat(folder.text("report.html"))
        .contains("%% with epoch %s\"".formatted(best), "\"test-epoch\":" + best);
    assertThat(said.toString())
        .contains(
            "the best by validation images, so tested: epoch %s of 3; --best names its model"
                .formatted(best));
  }

  @Test
  void areTestedAlikeAfterAKillBeforeTheTest() throws IOException {
    RunResult expected = run.with("run-id", "whole").train();
    breakOffBeforeTheTest(run);
    CountingFiles.take(test);

    RunResult resumed = run.train(said);

    assertThat(CountingFiles.take(test).values()).hasSize(40).containsOnly(1);
    assertThat(said.toString()).contains("resumes after epoch 2 and");
    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(resumed.testLoss()).isEqualTo(expected.testLoss());
  }

  @Test
  void areTestedWithTheSameModelAfterMoreEpochs() {
    RunResult first = run.train();

    RunResult longer =
        run.with("train.stages", SPOILED.replace("{epochs=1,", "{epochs=2,")).train();

    assertThat(longer.epochs()).isEqualTo(4);
    assertThat(best(EpochMetrics.fromLines(folder.text("metrics.jsonl"))))
        .isEqualTo(longer.metrics().orElseThrow().epoch().orElseThrow());
    assertThat(longer.metrics()).isEqualTo(first.metrics());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void areTestedWithTheLastModelIfTheBestIsDamaged(int kept) throws IOException {
    SmallRun keeping = run.with("checkpoint.keep-last", kept);
    breakOffBeforeTheTest(keeping);
    int best = best(EpochMetrics.fromLines(folder.text("metrics.jsonl")));
    String checkpoint =
        folder.checkpoints().stream()
            .filter(name -> name.startsWith(best + "-"))
            .findFirst()
            .orElseThrow();
    Files.write(folder.checkpointFile(checkpoint, "model.safetensors"), new byte[10]);

    RunResult result = keeping.train(said);

    assertThat(result.metrics().orElseThrow().epoch()).hasValue(3);
    assertThat(said.toString())
        .contains(
            "warning: Cannot test the model of epoch %s, the best by validation images: "
                .formatted(best),
            "The test images judge that of epoch 3 instead.");
  }

  @Test
  void countBadTestImages() throws IOException {
    Files.write(firstTestImage(), new byte[100]);

    RunResult result = run.with("data.max-bad-records", 1).train(said);

    assertThat(result.badRecords()).isEqualTo(1);
    assertThat(said.toString())
        .contains(
            "warning: 1 unusable test records are left out:",
            firstTestImage().getFileName().toString());
    assertThat(folder.text("report.html")).contains("\"records left out\",\"1\"");
  }

  private static int best(List<EpochMetrics> epochs) {
    int best = 1;
    for (EpochMetrics epoch : epochs) {
      if (epoch.accuracy() > epochs.get(best - 1).accuracy()) {
        best = epoch.epoch();
      }
    }
    return best;
  }

  private void breakOffBeforeTheTest(SmallRun broken) throws IOException {
    Path image = firstTestImage();
    byte[] content = Files.readAllBytes(image);
    Files.write(image, new byte[100]);
    assertThat(catchThrowable(broken::train)).hasMessageContaining(image.getFileName().toString());
    Files.write(image, content);
  }

  private Path firstTestImage() throws IOException {
    try (var files = Files.walk(test)) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }

  private double accuracyOf(boolean best) {
    var root = run.directory().root();
    return new EvaluationJob(new Configuration(), new PrintWriter(new StringWriter()))
        .run(
            new EvaluationRequest(
                best ? ModelLocation.bestOfRun(root) : ModelLocation.ofRun(root),
                ConfigRequest.defaults(),
                Optional.empty()))
        .accuracy();
  }
}
