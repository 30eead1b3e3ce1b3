package dev.featuremap.layer.join;

import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * The product of two activations, {@code out = x · gate}. The gate has the shape of x, or one value
 * a channel, as in squeeze-excitation (Hu, Shen and Sun 2017, "Squeeze-and-excitation networks").
 *
 * <p>The gradient of a value that all pixels of a channel share is summed over them, by rows.
 */
public final class Product implements Junction {
  private final int values; // of x, for an image
  private final int pixels; // that share a value of the gate

  /**
   * A product of activations of these shapes.
   *
   * @param gate as {@code x}, or {@code [channels of x, 1, 1]}
   */
  public Product(Shape x, Shape gate) {
    values = x.size();
    pixels = x.size() / gate.size();
  }

  @Override
  public void forward(float[][] inputs, float[] output) {
    scale(inputs[0], inputs[1], output);
  }

  @Override
  public void backward(float[][] inputs, float[] outputGradient, float[][] inputGradients) {
    if (inputGradients[0] != null) {
      scale(outputGradient, inputs[1], inputGradients[0]);
    }
    if (inputGradients[1] != null) {
      sumProducts(outputGradient, inputs[0], inputGradients[1]);
    }
  }

  private void scale(float[] x, float[] gate, float[] output) {
    int at = 0;
    for (int from = 0; at < values * Lanes.COUNT; from += Lanes.COUNT) {
      for (int pixel = 0; pixel < pixels; pixel++, at += Lanes.COUNT) {
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          output[at + lane] = x[at + lane] * gate[from + lane];
        }
      }
    }
  }

  private void sumProducts(float[] gradient, float[] x, float[] sums) {
    int at = 0;
    for (int to = 0; at < values * Lanes.COUNT; to += Lanes.COUNT) {
      Arrays.fill(sums, to, to + Lanes.COUNT, 0f);
      for (int pixel = 0; pixel < pixels; pixel++, at += Lanes.COUNT) {
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          sums[to + lane] = Fma.of(gradient[at + lane], x[at + lane], sums[to + lane]);
        }
      }
    }
  }
}
