package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.layer.ZeroPadding;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;

/**
 * Max-pooling: the largest activation in each window. The gradient goes to the first element, by
 * rows, that has it. What lies in the padding is smaller than any activation.
 *
 * <p>Shapes: see {@link Pooling}, over the padded input.
 *
 * <pre>{@code
 * { type = max-pool, window = 3, stride = 2, padding = 1 }  # [8, 28, 28] → [8, 14, 14]
 * }</pre>
 *
 * @param window rows and columns of the window
 * @param stride step of the window
 * @param padding rows and columns on each side, at most half of the window
 * @param rectifies true where a {@link Relu} next to the layer runs in its pass
 */
public record MaxPool(int window, int stride, int padding, boolean rectifies) implements Pooling {
  public static final String TYPE = "max-pool";

  /** Rejects an empty window and a stride below 1. */
  public MaxPool {
    Pooling.check(TYPE, window, stride);
    Checks.range(TYPE, "padding", padding, 0, window / 2);
  }

  /** Max-pooling without a rectifier. */
  public MaxPool(int window, int stride, int padding) {
    this(window, stride, padding, false);
  }

  /**
   * This layer and a {@link Relu} before or after it. The two commute, bit for bit and with their
   * gradients: {@code max(relu(x)) = relu(max(x))}, and the gradient passes where the maximum is
   * positive.
   */
  public MaxPool rectified() {
    return new MaxPool(window, stride, padding, true);
  }

  /** Reads {@code window}, {@code stride} and {@code padding}. */
  public static MaxPool read(Options options) {
    int window = Pooling.readWindow(options);
    int stride = Pooling.readStride(options, window);
    return new MaxPool(window, stride, options.integer("padding", 0, 0, window / 2));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    int kept = place.inputGradient() ? place.blocks() : 0;
    float floor = rectifies ? 0f : Float.NEGATIVE_INFINITY;
    Maxima maxima =
        new Maxima(
            kernels.maxPooling(geometry(padded(input)), floor),
            new float[kept][outputShape(input).blockSize()]);
    return padding == 0 ? maxima : new PaddedMaxima(this, input, maxima, place.scratch());
  }

  @Override
  public String summary() {
    return Pooling.super.summary() + (padding == 0 ? "" : ", padding " + padding);
  }

  @Override
  public Shape outputShape(Shape input) {
    return Pooling.super.outputShape(padded(input));
  }

  private Shape padded(Shape input) {
    return new Shape(input.channels(), input.height() + 2 * padding, input.width() + 2 * padding);
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
    private final MaxPool spec;
    private final Shape inputShape;
    private final Maxima maxima;
    private final ZeroPadding border;
    private final ZeroPadding inside;
    private final Scratch.Buffer paddedGradient;

    PaddedMaxima(MaxPool spec, Shape input, Maxima maxima, Scratch scratch) {
      this.spec = spec;
      inputShape = input;
      this.maxima = maxima;
      Shape padded = spec.padded(input);
      border = ZeroPadding.around(input, spec.padding(), Float.NEGATIVE_INFINITY, scratch);
      inside = ZeroPadding.inside(padded, spec.padding(), input, scratch);
      paddedGradient = scratch.reserve(Scratch.Use.PADDED, padded.blockSize());
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new PaddedMaxima(spec, inputShape, maxima, scratch);
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
