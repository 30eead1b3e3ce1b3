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
    return build(input, place, kernels, Float.NEGATIVE_INFINITY);
  }

  /** The working layer, whose outputs are not below {@code floor}. */
  Layer build(Shape input, LayerPlace place, Kernels kernels, float floor) {
    int kept = place.inputGradient() ? place.blocks() : 0;
    return new Maxima(
        kernels.maxPooling(geometry(input), floor),
        new float[kept][outputShape(input).blockSize()]);
  }

  /** Backward needs no activations: the input, which is larger, may have left the cache by then. */
  private static final class Maxima extends SingleBlockLayer {
    private final MaxPooling pooling;
    private final float[][] winners; // [block of the mini-batch][output shape, 16]

    Maxima(MaxPooling pooling, float[][] winners) {
      this.pooling = pooling;
      this.winners = winners;
    }

    @Override
    void forward(BlockPass pass, float[] input, float[] output) {
      if (pass.training() && winners.length > 0) {
        pooling.maxima(input, output, winners[pass.block()]);
      } else {
        pooling.maxima(input, output);
      }
    }

    @Override
    void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      pooling.gradient(winners[pass.block()], outputGradient, inputGradient);
    }
  }
}
