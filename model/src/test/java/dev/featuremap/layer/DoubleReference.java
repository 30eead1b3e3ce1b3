package dev.featuremap.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.UsedScratch;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/**
 * Compares a layer on this machine's kernels with its formula in double, also in gradients: those
 * of the formula are central differences, which are exact to nine digits in double.
 */
public final class DoubleReference {
  private static final double STEP = 1e-4;

  private final LayerSpec spec;
  private final Shape shape;
  private final Formula formula;
  private final double offset;
  private final double tolerance;
  private final float[] parameters;

  /** What a layer makes of one image. */
  @FunctionalInterface
  public interface Formula {
    double[] apply(double[] parameters, double[] image);
  }

  /**
   * A comparison.
   *
   * @param offset what is added to the values of images, which are from -1 to 1
   * @param tolerance largest error, as a share of 1 and the value
   */
  public DoubleReference(
      LayerSpec spec, Shape shape, double offset, double tolerance, Formula formula) {
    this.spec = spec;
    this.shape = shape;
    this.offset = offset;
    this.tolerance = tolerance;
    this.formula = formula;
    parameters = random(LayerTrial.sizeOf(spec.parameters(shape)), 1, 0);
  }

  /** Fails unless outputs and gradients agree; predictions have the bits of outputs. */
  public void verify() {
    Layer layer =
        spec.build(
            shape, new LayerPlace(0, 0, 0, 1, true, UsedScratch.create()), KernelLookup.kernels());
    float[] input = random(shape.blockSize(), 2, offset);
    float[] output = new float[spec.outputShape(shape).blockSize()];
    float[] outputGradient = random(output.length, 3, 0);
    float[] inputGradient = new float[input.length];
    float[] gradient = new float[parameters.length];
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);
    group.pass(0).train(1, 0);
    layer.prepare(parameters, 0, 1);
    layer.forward(group, parameters, new float[][] {input}, new float[][] {output});
    layer.backward(
        group,
        parameters,
        new float[][] {input},
        new float[][] {output},
        new float[][] {outputGradient},
        new float[][] {inputGradient});
    layer.finishGradient(1, gradient, 0, 1);
    assertThat(predicted(input, output.length)).isEqualTo(output);

    double[] expectedGradient = new double[parameters.length];
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      double[] image = lane(input, lane);
      double[] weights = lane(outputGradient, lane);
      compare("output", lane(output, lane), formula.apply(widened(parameters), image));
      for (int k = 0; k < parameters.length; k++) {
        expectedGradient[k] += slope(widened(parameters), image, k, true, weights);
      }
      double[] slopes = new double[image.length];
      for (int k = 0; lane % 5 == 0 && k < image.length; k++) {
        slopes[k] = slope(widened(parameters), image, k, false, weights);
      }
      if (lane % 5 == 0) {
        compare("input gradient", lane(inputGradient, lane), slopes);
      }
    }
    compare("parameter gradient", widened(gradient), expectedGradient);
  }

  /** The output of a layer that only predicts. */
  private float[] predicted(float[] input, int length) {
    Layer layer =
        spec.build(
            shape, new LayerPlace(0, 0, 0, 0, false, UsedScratch.create()), KernelLookup.kernels());
    float[] output = new float[length];
    BlockGroup group = new BlockGroup(1);
    group.resize(1, 1);
    group.pass(0).evaluate();
    layer.prepare(parameters, 0, 1);
    layer.forward(group, parameters, new float[][] {input}, new float[][] {output});
    return output;
  }

  private void compare(String what, double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < expected.length; k++) {
      assertThat(actual[k])
          .as("%s %s", what, k)
          .isCloseTo(expected[k], within(tolerance * (1 + Math.abs(expected[k]))));
    }
  }

  private double slope(
      double[] parameters, double[] image, int at, boolean ofParameter, double[] weights) {
    double[] moved = ofParameter ? parameters : image;
    double before = moved[at];
    moved[at] = before + STEP;
    double above = weighted(formula.apply(parameters, image), weights);
    moved[at] = before - STEP;
    double below = weighted(formula.apply(parameters, image), weights);
    moved[at] = before;
    return (above - below) / (2 * STEP);
  }

  private static double weighted(double[] values, double[] weights) {
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      sum += values[k] * weights[k];
    }
    return sum;
  }

  private static float[] random(int size, long key, double offset) {
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      double unit = 2 * CounterRandom.uniform(CounterRandom.hash(key, k)) - 1;
      values[k] = (float) (unit + offset);
    }
    return values;
  }

  private static double[] lane(float[] block, int lane) {
    double[] image = new double[block.length / Lanes.COUNT];
    for (int k = 0; k < image.length; k++) {
      image[k] = block[k * Lanes.COUNT + lane];
    }
    return image;
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int k = 0; k < values.length; k++) {
      wide[k] = values[k];
    }
    return wide;
  }
}
