package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.PoolingGeometry;
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
    return new Maxima(geometry(input), kernels);
  }

  private static final class Maxima implements Layer {
    private final PoolingGeometry geometry;
    private final Kernels kernels;

    Maxima(PoolingGeometry geometry, Kernels kernels) {
      this.geometry = geometry;
      this.kernels = kernels;
    }

    @Override
    public void forward(BlockPass pass, float[] parameters, float[] input, float[] output) {
      kernels.maxPool(geometry, input, output);
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] parameters,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient,
        float[] parameterGradient) {
      if (inputGradient != null) {
        kernels.maxPoolGradient(geometry, input, output, outputGradient, inputGradient);
      }
    }
  }
}
