package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Max-pooling: the largest activation in each window. The gradient goes to the first element, by
 * rows, that has it.
 *
 * <p>Shapes: see {@link Pooling}.
 *
 * @param window rows and columns of the window
 * @param stride step of the window
 */
public record MaxPool(int window, int stride) implements Pooling {
  static final String TYPE = "max-pool";

  /** Rejects an empty window and a stride below 1. */
  public MaxPool {
    Pooling.check(TYPE, window, stride);
  }

  /** Reads {@code window} and {@code stride}. */
  static MaxPool read(Options options) {
    int window = Pooling.readWindow(options);
    return new MaxPool(window, Pooling.readStride(options, window));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Maxima(kernels.maxPooling(geometry(input)));
  }

  private static final class Maxima extends SingleBlockLayer {
    private final MaxPooling pooling;

    Maxima(MaxPooling pooling) {
      this.pooling = pooling;
    }

    @Override
    void forward(BlockPass pass, float[] input, float[] output) {
      pooling.maxima(input, output);
    }

    @Override
    void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      pooling.gradient(input, output, outputGradient, inputGradient);
    }
  }
}
