package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.init.Initializer;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.layer.BarrierLayer;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchNormTest extends LayerContract {
  private static final BatchNorm NORM = new BatchNorm(0.1, 1e-5, Initializer.ONES);

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(NORM, new Shape(3, 2, 3)),
        new Case(NORM, Shape.ofFeatures(5)),
        new Case(new BatchNorm(0.5, 1e-3, Initializer.ONES), new Shape(2, 3, 3)));
  }

  @Test
  void givesEachChannelMeanZeroAndVarianceOne() {
    Trial trial = new Trial(new Shape(1, 1, 2), 2);
    trial.fill(0, 3, 100, 102, 104, 106, 108, 110);
    trial.train();

    // mean 105, variance (25 + 9 + 1) · 2 / 6
    double deviation = Math.sqrt(35 / 3.0 + 1e-5);
    assertThat(trial.outputs[0][0]).isCloseTo((float) (-5 / deviation), within(1e-5f));
    assertThat(trial.outputs[0][Lanes.COUNT + 2]).isCloseTo((float) (5 / deviation), within(1e-5f));
  }

  @Test
  void movesTheRunningStatisticsWithTheUnbiasedVariance() {
    Trial trial = new Trial(new Shape(1, 1, 2), 2);
    trial.fill(0, 3, 100, 102, 104, 106, 108, 110);
    trial.train();

    assertThat(trial.gradient[2]).isCloseTo(10.5f, within(1e-5f)); // 0.9 · 0 + 0.1 · 105
    assertThat(trial.gradient[3]).isCloseTo(0.9f + 0.1f * 70 / 5, within(1e-5f));
  }

  @Test
  void looksAtNoPaddedLane() {
    Trial clean = new Trial(new Shape(1, 1, 2), 2);
    clean.fill(0, 3, 1, 2, 3, 4, 5, 7);
    clean.train();
    Trial padded = new Trial(new Shape(1, 1, 2), 2);
    Arrays.fill(padded.inputs[0], 1e9f);
    padded.fill(0, 3, 1, 2, 3, 4, 5, 7);
    padded.train();

    assertThat(padded.gradient).isEqualTo(clean.gradient);
    for (int pixel = 0; pixel < 2; pixel++) {
      for (int lane = 3; lane < Lanes.COUNT; lane++) {
        assertThat(padded.inputGradients[0][pixel * Lanes.COUNT + lane]).isZero();
      }
    }
  }

  @Test
  void seesTheVarianceOfValuesFarFromZero() {
    Trial trial = new Trial(new Shape(1, 1, 2), 1);
    trial.fill(0, 2, 1_000_000, 1_000_001, 1_000_001, 1_000_000);
    trial.train();

    assertThat(trial.gradient[3]).isCloseTo(0.9f + 0.1f / 3, within(1e-6f));
  }

  @Test
  void leavesTheRunningVarianceAloneForASingleValue() {
    Trial trial = new Trial(Shape.ofFeatures(1), 1);
    trial.fill(0, 1, 5);
    trial.train();

    assertThat(trial.gradient[2]).isCloseTo(0.5f, within(1e-6f));
    assertThat(trial.gradient[3]).isEqualTo(1f);
    assertThat(trial.outputs[0][0]).isCloseTo(0f, within(1e-3f));
  }

  @Test
  void aRectifierBehindItPassesGradientsOfPositiveOutputsOnly() {
    Trial inside = new Trial(Shape.ofFeatures(1), 1);
    inside.fill(0, 4, -2, -1, 1, 2);
    inside.train(true);
    Trial behind = new Trial(Shape.ofFeatures(1), 1);
    behind.fill(0, 4, -2, -1, 1, 2);
    behind.outputGradients[0][1] = 0; // that of the first image is 0 already
    behind.train(false);

    assertThat(inside.gradient).isEqualTo(behind.gradient);
    assertThat(inside.inputGradients).isDeepEqualTo(behind.inputGradients);
    assertThat(inside.gradient[1]).isEqualTo(2f + 3f);
  }

  @Test
  void predictsByTheRunningStatistics() {
    Shape shape = Shape.ofFeatures(1);
    Layer layer =
        NORM.build(shape, new LayerPlace(0, 0, 2, 0, false, new Scratch()), new ScalarKernels());
    float[] model = {3, 1, 2, 4}; // weight, bias, running mean, running variance
    float[] input = new float[Lanes.COUNT];
    Arrays.fill(input, 6f);
    float[] output = new float[Lanes.COUNT];
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);

    layer.prepare(model, 0, 1);
    layer.forward(group, model, new float[][] {input}, new float[][] {output});

    assertThat(output[0]).isCloseTo(7f, within(1e-4f)); // 3 · (6 - 2) / 2 + 1
  }

  @Test
  void namesItsTensorsAsPyTorchDoes() {
    Shape shape = new Shape(4, 2, 2);
    assertThat(NORM.parameters(shape))
        .extracting(ParameterSpec::name)
        .containsExactly("weight", "bias");
    assertThat(NORM.parameters(shape)).extracting(ParameterSpec::decays).containsOnly(false);
    assertThat(NORM.buffers(shape))
        .extracting(ParameterSpec::name)
        .containsExactly("running_mean", "running_var");
  }

  @Test
  void rejectsNumbersOutOfRange() {
    assertThatThrownBy(() -> new BatchNorm(0, 1e-5, Initializer.ONES))
        .hasMessage(
            "Cannot make a batch-norm layer: its momentum and epsilon must be above 0 and at most"
                + " 1, got 0.0 and 1.0E-5.");
    assertThatThrownBy(() -> new BatchNorm(0.1, 2, Initializer.ONES)).hasMessageContaining("2.0");
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(NORM.summary()).isEmpty();
    assertThat(new BatchNorm(0.2, 1e-3, Initializer.ONES).summary())
        .isEqualTo("momentum 0.2, epsilon 0.001");
  }

  /** A layer of one channel with weight 1 and bias 0, and its mini-batch. */
  private static final class Trial {
    final float[][] inputs;
    final float[][] outputs;
    final float[][] inputGradients;
    final float[] gradient = new float[4];
    private final BarrierLayer layer;
    private final float[][] outputGradients;
    private final BlockGroup group;
    private final int pixels;

    Trial(Shape shape, int blocks) {
      layer =
          (BarrierLayer)
              NORM.build(
                  shape, new LayerPlace(0, 0, 2, blocks, true, new Scratch()), new ScalarKernels());
      pixels = shape.size();
      inputs = new float[1][shape.blockSize()];
      outputs = new float[1][shape.blockSize()];
      inputGradients = new float[1][shape.blockSize()];
      outputGradients = new float[1][shape.blockSize()];
      group = new BlockGroup(1);
      group.resize(1, 1);
    }

    /** Sets the images of a block, values by image. */
    void fill(int block, int images, float... values) {
      group.pass(0).at(block, images, new long[Lanes.COUNT]);
      for (int k = 0; k < values.length; k++) {
        int at = k % pixels * Lanes.COUNT + k / pixels;
        inputs[0][at] = values[k];
        outputGradients[0][at] = k;
      }
    }

    void train() {
      train(false);
    }

    void train(boolean rectified) {
      float[] model = {1, 0, 0, 1};
      layer.collect(group, inputs);
      layer.combine(model, 1);
      layer.forward(group, model, inputs, outputs);
      layer.collectGradient(group, inputs, outputGradients, rectified);
      layer.combineGradient(model, 1);
      layer.backward(group, inputs, outputGradients, rectified, inputGradients);
      layer.finishGradient(1, gradient, 0, 1);
    }
  }
}
