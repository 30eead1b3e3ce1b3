package dev.featuremap.layer.elementwise;

import dev.featuremap.kernel.FloatMath;
import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * Softmax over the channels of each pixel: {@code out[c] = e^in[c] / Σ e^in[k]}. A loss of the name
 * applies it by itself, so it does not end a network.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = softmax }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 */
public record Softmax() implements Elementwise {
  public static final String TYPE = "softmax";

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    int channels = input.channels();
    return new ElementwiseLayer(
        input.blockSize(),
        (in, out, n) -> apply(channels, in, out, n),
        (in, out, toOut, toIn, n) -> gradient(channels, out, toOut, toIn, n));
  }

  /** The order of {@link Kernels#softmax}, pixel by pixel. */
  private static void apply(int channels, float[] input, float[] output, int length) {
    int next = length / channels;
    for (int first = 0; first < next; first++) {
      float largest = input[first];
      for (int k = first; k < length; k += next) {
        largest = Math.max(largest, input[k]);
      }
      float sum = 0f;
      for (int k = first; k < length; k += next) {
        output[k] = FloatMath.exp(input[k] - largest);
        sum += output[k];
      }
      for (int k = first; k < length; k += next) {
        output[k] /= sum;
      }
    }
  }

  /** {@code out[c] · (g[c] - Σ out[k] · g[k])}, the sum as a chain from the first channel. */
  private static void gradient(
      int channels, float[] output, float[] outputGradient, float[] inputGradient, int length) {
    int next = length / channels;
    for (int first = 0; first < next; first++) {
      float mean = 0f;
      for (int k = first; k < length; k += next) {
        mean = Fma.of(output[k], outputGradient[k], mean);
      }
      for (int k = first; k < length; k += next) {
        inputGradient[k] = output[k] * (outputGradient[k] - mean);
      }
    }
  }
}
