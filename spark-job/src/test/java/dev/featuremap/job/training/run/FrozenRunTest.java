package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.format.ModelFile;
import dev.featuremap.format.TensorSlice;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run that goes on from another one's model, of which it trains the head alone, or the last part.
 */
class FrozenRunTest {
  private static final String NETWORK =
      "{ input { shape = [1, 28, 28], mean = 0.13, deviation = 0.31 }, layers = ["
          + " { type = convolution, name = stem, feature-maps = 4, field = 5, stride = 2 },"
          + " { type = batch-norm, name = bn }, { type = relu },"
          + " { type = dropout, name = drop, rate = 0.2 },"
          + " { type = fully-connected, name = hidden, outputs = 20 }, { type = relu },"
          + " { type = fully-connected, name = fc, outputs = 10 } ] }";

  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static Path start;
  private static SmallRun head;
  private static RunResult result;
  private static final StringWriter SAID = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    SmallRun whole =
        SmallRun.of(
                SmallRun.digits(Files.createDirectory(directory.resolve("data"))),
                directory.resolve("runs"))
            .with("network", NETWORK)
            .with("train.optimizer.type", "adam")
            .with("train.learning-rate", 0.005)
            .with("sync.every", "3 steps");
    whole.with("run-id", "whole").with("train.epochs", 1).train();
    start =
        RunFolder.of(whole.with("run-id", "whole").directory())
            .checkpointFile("1-4", "model.safetensors");
    head =
        whole
            .with("run-id", "head")
            .with("train.init-from", start)
            .with("train.freeze", "[stem, bn, drop]")
            .with("train.rates", "{ \"fc.*\" = 2 }")
            .with("checkpoint.every-rounds", 1)
            .with("checkpoint.keep-last", 100);
    result = head.train(SAID);
  }

  @Test
  void leavesEveryBitOfWhatIsFrozen() throws IOException {
    ModelFile before = model(start);
    ModelFile after = model(last(head));

    for (TensorSlice tensor : after.tensors()) {
      boolean frozen = tensor.name().matches("(stem|bn)\\..*");
      assertThat(values(after, tensor.name()).equals(values(before, tensor.name())))
          .as(tensor.name())
          .isEqualTo(frozen);
    }
  }

  @Test
  void evaluatesAndReportsTheWholeNetwork() {
    assertThat(head.evaluate().loss()).isCloseTo(result.testLoss(), within(1e-12));
    assertThat(result.parameters()).isEqualTo(104 + 8 + 4 * 144 * 20 + 20 + 210);
    assertThat(SAID.toString().lines())
        .anyMatch(line -> line.matches("bn +batch-norm, frozen .* 8"))
        .contains(
            "11,862 parameters, 11,750 of them trained, loss softmax-cross-entropy",
            "frozen layers, 1 KB, are sent once; a round sends the state of the others, 141 KB");
    assertThat(RunFolder.of(head.directory()).text("report.html")).contains("of them trained");
  }

  @Test
  void resumesFromAnyCheckpointToTheSameBits() {
    SmallRun again = head.with("run-id", "resumed");
    again.train();
    RunFolder.of(again.directory()).rewind(3);

    RunResult resumed = again.train();

    assertThat(resumed.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(resumed.testLoss()).isEqualTo(result.testLoss());
  }

  @Test
  void keepsWhatIsBelowAllThatIsTrained() {
    assertThat(SAID.toString().lines())
        .contains("features of 4 layers are kept: 2 MB; computed once for each image");
  }

  /** Executors have no room, so all layers work in every epoch. */
  @Test
  void givesTheSameBitsWhereFeaturesAreNotKept() {
    StringWriter said = new StringWriter();
    SPARK.set("spark.memory.fraction", "0.001");

    RunResult computed = head.with("run-id", "computed").train(said);

    assertThat(said.toString().lines())
        .anyMatch(
            line ->
                line.matches(
                    "features of 4 layers are not kept: they take 2 MB, executors have [01] MB for them; computed again in every epoch"));
    assertThat(computed.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(computed.testLoss()).isEqualTo(result.testLoss());
  }

  @ParameterizedTest
  @CsvSource({"local[1], 1, pixels", "local[4], 2, encoded"})
  void givesTheSameBitsOnEveryTopology(String master, String cpus, String keep) {
    SPARK.set("spark.master", master);
    SPARK.set("spark.task.cpus", cpus);
    StringWriter said = new StringWriter();

    RunResult other = head.with("run-id", "on-" + keep).with("data.keep", keep).train(said);

    assertThat(said.toString()).contains("features of 4 layers are kept: 2 MB");
    assertThat(other.parametersSha256()).isEqualTo(result.parametersSha256());
    assertThat(other.testLoss()).isEqualTo(result.testLoss());
  }

  @Test
  void saysNothingOfFeaturesWhereImagesChange() {
    StringWriter said = new StringWriter();

    head.with("run-id", "changing").with("train.augment.flip", true).train(said);

    assertThat(said.toString()).doesNotContain("features of");
  }

  @Test
  void oneOptimizerStepsByTheSumOfAllGradients() throws IOException {
    SmallRun alone =
        head.with("run-id", "alone").with("train.workers", 1).with("sync.every", "epoch");
    SmallRun shared = alone.with("run-id", "shared").with("sync.every", "1 step");

    assertThat(shared.train().parametersSha256()).isEqualTo(alone.train().parametersSha256());
  }

  @Test
  void otherFrozenLayersAreAnotherRun() {
    assertThatThrownBy(() -> head.with("train.freeze", "[stem]").train())
        .hasMessageContaining("train.freeze[1]: was \"bn\", is absent");
  }

  @Test
  void reportsPatternsOfNothingWithOtherProblems() {
    assertThatThrownBy(() -> head.with("train.freeze", "[steam]").with("train.seed", "x").config())
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("Cannot use train.freeze: no layer is called \"steam\".")
        .hasMessageContaining("Cannot use train.seed");
  }

  private static Path last(SmallRun run) {
    return RunFolder.of(run.directory()).checkpointFile("2-8", "model.safetensors");
  }

  private static ModelFile model(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ModelFile.read(in, Files.size(file), file.toString());
    }
  }

  private static List<Integer> values(ModelFile model, String name) {
    TensorSlice tensor =
        model.tensors().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    float[] values = Arrays.copyOfRange(tensor.values(), tensor.at(), tensor.at() + tensor.size());
    Integer[] bits = new Integer[values.length];
    Arrays.setAll(bits, k -> Float.floatToRawIntBits(values[k]));
    return List.of(bits);
  }
}
