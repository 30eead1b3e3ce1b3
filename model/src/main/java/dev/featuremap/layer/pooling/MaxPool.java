package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.layer.ZeroPadding;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;

/**
 * Max-pooling: the largest activation in each window. The gradient goes to the first element, by
 * rows, that has it. What lies in the padding is smaller than any activation.
 *
 * <p>Shapes: see {@link Pooling}, over the padded input.
 *
 * <pre>{@code
 * { type = max-pool, window = 3, stride = 2, padding = 1 }  # [8, 28, 28] → [8, 14, 14]
 * { type = max-pool, window = [2, 3], stride = 2, padding = [0, 0, 1, 0] }  # [8, 7, 7] → [8, 4, 3]
 * }</pre>
 *
 * @param window the window; its padding is less than it on each side
 * @param rectifies true where a {@link Relu} next to the layer runs in its pass
 */
public record MaxPool(Window window, boolean rectifies) implements Pooling {
  public static final String TYPE = "max-pool";

  /** Elements of a window that are told apart by a float. */
  static final int MOST_ELEMENTS = 1 << 24;

  /** Rejects an empty window, a stride below 1 and a padding as large as the window. */
  public MaxPool {
    Pooling.check(TYPE, window);
  }

  /** A square window, without a rectifier. */
  public MaxPool(int window, int stride, int padding) {
    this(Window.square(window, stride, padding), false);
  }

  /**
   * This layer and a {@link Relu} before or after it. The two commute, bit for bit and with their
   * gradients: {@code max(relu(x)) = relu(max(x))}, and the gradient passes where the maximum is
   * positive.
   */
  public MaxPool rectified() {
    return new MaxPool(window, true);
  }

  /**
   * Reads {@code window}, {@code stride}, {@code padding}, {@code dilation} and {@code ceil-mode}.
   */
  public static MaxPool read(Options options) {
    return new MaxPool(Pooling.readDilated(options), false);
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape output = Pooling.super.outputShape(input);
    int elements = window.size().size();
    if (elements > MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "its window must have at most %s elements, got %s".formatted(MOST_ELEMENTS, elements));
    }
    return output;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    int kept = place.inputGradient() ? place.blocks() : 0;
    float floor = rectifies ? 0f : Float.NEGATIVE_INFINITY;
    Padding reach = window.reach(input);
    Shape padded = reach.around(input);
    PoolingGeometry geometry =
        new PoolingGeometry(
            padded.channels(),
            padded.height(),
            padded.width(),
            window.size(),
            window.stride(),
            window.dilation());
    Maxima maxima =
        new Maxima(
            kernels.maxPooling(geometry, floor), new float[kept][outputShape(input).blockSize()]);
    return padded.equals(input) ? maxima : new PaddedMaxima(input, reach, maxima, place.scratch());
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
    public void forward(BlockPass pass, float[] input, float[] output) {
      boolean keeps = pass.training() && winners.length > 0;
      pooling.maxima(input, output, keeps ? winners[pass.block()] : null);
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      pooling.gradient(winners[pass.block()], outputGradient, inputGradient);
    }
  }

  /** Pools a copy of the input with a border, and cuts the border off the gradient. */
  private static final class PaddedMaxima extends SingleBlockLayer {
    private final Shape inputShape;
    private final Padding padding;
    private final Maxima maxima;
    private final ZeroPadding border;
    private final ZeroPadding inside;
    private final Scratch.Buffer paddedGradient;

    PaddedMaxima(Shape input, Padding padding, Maxima maxima, Scratch scratch) {
      inputShape = input;
      this.padding = padding;
      this.maxima = maxima;
      Shape padded = padding.around(input);
      int top = padding.top();
      int left = padding.left();
      border = ZeroPadding.with(Float.NEGATIVE_INFINITY, input, top, left, padded, scratch);
      inside = new ZeroPadding(padded, -top, -left, Extent.ONE, input, scratch);
      paddedGradient = scratch.reserve(Scratch.Use.PADDED, padded.blockSize());
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new PaddedMaxima(inputShape, padding, maxima, scratch);
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      maxima.forward(pass, border.apply(input), output);
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      float[] padded = paddedGradient.floats();
      maxima.backward(pass, input, output, outputGradient, padded);
      inside.copy(padded, inputGradient);
    }
  }
}
