package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.layer.window.Window;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Max-pooling to an output of a given size: the largest activation of each region. The gradient
 * goes to the first element, by rows, that has it.
 *
 * <p>Shapes and regions: see {@link AdaptivePooling}.
 *
 * <pre>{@code
 * { type = adaptive-max-pool, output = [3, 4] }  # [8, 7, 8] → [8, 3, 4]
 * }</pre>
 *
 * @param output rows and columns of the output
 */
public record AdaptiveMaxPool(Extent output) implements AdaptivePooling {
  public static final String TYPE = "adaptive-max-pool";

  /** Rejects an output without pixels. */
  public AdaptiveMaxPool {
    AdaptivePooling.check(TYPE, output);
  }

  /** Reads {@code output}. */
  public static AdaptiveMaxPool read(Options options) {
    return new AdaptiveMaxPool(AdaptivePooling.read(options));
  }

  @Override
  public Shape outputShape(Shape input) {
    long rows = input.height() / output.rows() + 2L;
    long columns = input.width() / output.columns() + 2L;
    if (rows * columns > MaxPool.MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "its output of %s leaves regions of more than %s pixels of %s"
              .formatted(output.by(), MaxPool.MOST_ELEMENTS, input));
    }
    AdaptivePooling.window(output, input)
        .ifPresent(window -> new MaxPool(window, false).outputShape(input));
    return AdaptivePooling.super.outputShape(input);
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    Optional<Window> window = AdaptivePooling.window(output, input);
    if (window.isPresent()) {
      return new MaxPool(window.get(), false).build(input, place, kernels);
    }
    int kept = place.inputGradient() ? place.blocks() : 0;
    return new Maxima(
        Regions.adaptive(output, input), new float[kept][outputShape(input).blockSize()]);
  }

  /** Regions of different sizes, which no kernel has. */
  private static final class Maxima extends SingleBlockLayer {
    private final Regions regions;
    private final float[][] winners; // [block of the mini-batch][output shape, 16]

    Maxima(Regions regions, float[][] winners) {
      this.regions = regions;
      this.winners = winners;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      float[] kept = pass.training() && winners.length > 0 ? winners[pass.block()] : null;
      for (int o = 0; o < regions.corners().length; o++) {
        int[] taps = regions.taps()[o % regions.places()];
        int from = regions.corners()[o];
        int to = o * Lanes.COUNT;
        Arrays.fill(output, to, to + Lanes.COUNT, Float.NEGATIVE_INFINITY);
        for (int tap : taps) {
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            output[to + lane] = Math.max(output[to + lane], input[from + tap + lane]);
          }
        }
        for (int lane = 0; lane < Lanes.COUNT && kept != null; lane++) {
          kept[to + lane] = winner(input, from + lane, taps, output[to + lane]);
        }
      }
    }

    /** The number of the first element that is the maximum, or -1 where that is -∞ or NaN. */
    private static int winner(float[] input, int from, int[] taps, float maximum) {
      for (int t = 0; t < taps.length && maximum != Float.NEGATIVE_INFINITY; t++) {
        if (input[from + taps[t]] == maximum) {
          return t;
        }
      }
      return -1;
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      Arrays.fill(inputGradient, 0, regions.inputBlockSize(), 0f);
      float[] kept = winners[pass.block()];
      for (int o = 0; o < regions.corners().length; o++) {
        int[] taps = regions.taps()[o % regions.places()];
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          int at = o * Lanes.COUNT + lane;
          if (kept[at] >= 0) {
            inputGradient[regions.corners()[o] + taps[(int) kept[at]] + lane] += outputGradient[at];
          }
        }
      }
    }
  }
}
