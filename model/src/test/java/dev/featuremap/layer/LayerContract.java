package dev.featuremap.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.kernel.UsedScratch;
import dev.featuremap.layer.BatchTrial.Share;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Allocations;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every layer keeps; the test of each layer inherits it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class LayerContract {

  /** A layer and the shape of its input, at most about 100 values an image. */
  public record Case(LayerSpec spec, Shape input) {
    LayerTrial trial() {
      return new LayerTrial(spec, input);
    }
  }

  /** The geometries to check. */
  protected abstract Stream<Case> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void canBeNamedInANetworkFile(Case layer) {
    assertThat(LayerTypes.names()).contains(LayerTypes.nameOf(layer.spec()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fillsTheOutputShapeItPromises(Case layer) {
    LayerTrial trial = layer.trial();
    trial.forward();
    assertThat(Arrays.copyOf(trial.output, trial.outputSize)).doesNotContain(Float.NaN);
    assertCanaries(trial.output, trial.outputSize);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputGradientMatchesCentralDifferences(Case layer) {
    GradientCheck.verifyInput(layer.trial());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parameterGradientMatchesCentralDifferences(Case layer) {
    GradientCheck.verifyParameters(layer.trial());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardLeavesParametersAndInputUntouched(Case layer) {
    LayerTrial trial = layer.trial();
    float[] parameters = trial.parameters.clone();
    float[] input = trial.input.clone();
    trial.forward();
    assertThat(trial.parameters).isEqualTo(parameters);
    assertThat(trial.input).isEqualTo(input);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backwardLeavesAllButGradientsUntouched(Case layer) {
    LayerTrial trial = layer.trial();
    trial.forward();
    float[] parameters = trial.parameters.clone();
    float[] input = trial.input.clone();
    float[] output = trial.output.clone();
    float[] outputGradient = trial.outputGradient.clone();
    trial.backward();
    assertThat(trial.parameters).isEqualTo(parameters);
    assertThat(trial.input).isEqualTo(input);
    assertThat(trial.output).isEqualTo(output);
    assertThat(trial.outputGradient).isEqualTo(outputGradient);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backwardWritesOnlyItsSliceAndItsInputGradient(Case layer) {
    LayerTrial trial = layer.trial();
    trial.forward();
    trial.backward();
    float[] gradient = trial.parameterGradient;
    assertThat(Arrays.copyOf(gradient, trial.parametersAt)).containsOnly(Float.NaN);
    assertCanaries(gradient, trial.parametersAt + trial.parameterCount + trial.bufferCount);
    assertThat(Arrays.copyOf(trial.inputGradient, trial.inputSize)).doesNotContain(Float.NaN);
    assertCanaries(trial.inputGradient, trial.inputSize);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsForTheSameArguments(Case layer) {
    LayerTrial first = layer.trial();
    LayerTrial second = layer.trial();
    first.forward();
    first.backward();
    second.forward();
    second.backward();
    assertSameResults(first, second);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void otherBlocksInBetweenChangeNothing(Case layer) {
    LayerTrial alone = layer.trial();
    alone.forward();
    alone.backward();

    LayerTrial shared = layer.trial();
    shared.forward();
    shared.forwardNextBlock(99);
    shared.backward();
    assertSameResults(shared, alone);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void needsNoInputGradient(Case layer) {
    LayerTrial with = layer.trial();
    with.forward();
    with.backward();
    LayerTrial without = layer.trial();
    without.forward();
    without.backwardWithoutInputGradient();
    assertThat(without.parameterGradient).isEqualTo(with.parameterGradient);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void overwritesGradients(Case layer) {
    LayerTrial once = layer.trial();
    once.forward();
    once.backward();
    LayerTrial twice = layer.trial();
    twice.forward();
    twice.backward();
    twice.backward();
    assertSameResults(twice, once);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsHoweverABatchIsSharedOut(Case layer) {
    BatchTrial alone = new BatchTrial(layer.spec(), layer.input());
    alone.prepare(1);
    Share[] single = new Share[BatchTrial.BLOCKS];
    Arrays.setAll(single, block -> new Share(alone.layer, block, 1));
    alone.run(single);
    alone.finish(1);

    // 11 blocks make slots of two: two threads take groups of two, and the last first.
    BatchTrial shared = new BatchTrial(layer.spec(), layer.input());
    Layer fork = shared.layer.fork(UsedScratch.create());
    shared.prepare(3);
    shared.run(
        new Share(fork, 10, 1),
        new Share(shared.layer, 8, 2),
        new Share(fork, 6, 2),
        new Share(shared.layer, 4, 2),
        new Share(fork, 2, 2),
        new Share(shared.layer, 0, 2));
    shared.finish(3);

    assertThat(shared.outputs).isDeepEqualTo(alone.outputs);
    assertThat(shared.inputGradients).isDeepEqualTo(alone.inputGradients);
    assertThat(shared.parameterGradient).isEqualTo(alone.parameterGradient);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allocatesNothingAfterItsFirstStep(Case layer) {
    LayerTrial trial = layer.trial();
    assertThat(Allocations.leastOf(trial::step)).isZero();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void treatsAnImageAlikeInEveryLane(Case layer) {
    LayerTrial straight = layer.trial();
    straight.forward();
    straight.backward();
    LayerTrial rotated = layer.trial();
    rotateLanes(rotated);
    rotated.forward();
    rotated.backward();
    assertRotated(rotated.output, straight.output, rotated.outputSize);
    assertRotated(rotated.inputGradient, straight.inputGradient, rotated.inputSize);
  }

  private static void assertSameResults(LayerTrial actual, LayerTrial expected) {
    assertThat(actual.output).isEqualTo(expected.output);
    assertThat(actual.inputGradient).isEqualTo(expected.inputGradient);
    assertThat(actual.parameterGradient).isEqualTo(expected.parameterGradient);
  }

  private static void assertCanaries(float[] values, int from) {
    assertThat(Arrays.copyOfRange(values, from, values.length))
        .hasSize(LayerTrial.CANARIES)
        .containsOnly(Float.NaN);
  }

  private static void rotateLanes(LayerTrial trial) {
    rotate(trial.input, trial.inputSize);
    rotate(trial.outputGradient, trial.outputSize);
    long[] records = trial.pass.records();
    long[] original = records.clone();
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      records[rotated(lane)] = original[lane];
    }
  }

  private static void rotate(float[] values, int size) {
    float[] original = values.clone();
    for (int k = 0; k < size; k++) {
      values[rotated(k)] = original[k];
    }
  }

  private static void assertRotated(float[] actual, float[] straight, int size) {
    float[] expected = straight.clone();
    rotate(expected, size);
    assertThat(actual).isEqualTo(expected);
  }

  /** The place of a value after its image moved five lanes on. */
  private static int rotated(int at) {
    int lane = at % Lanes.COUNT;
    return at - lane + (lane + 5) % Lanes.COUNT;
  }
}
