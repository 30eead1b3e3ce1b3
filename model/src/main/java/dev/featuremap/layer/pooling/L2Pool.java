package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.window.Window;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * L2 pooling: the square root of the sum of the squares in each window, {@code out = sqrt(Σ x²)}.
 * Its gradient is {@code x / out}, and zero where {@code out} is zero.
 *
 * <p>Shapes: see {@link Pooling}.
 *
 * <pre>{@code
 * { type = l2-pool, window = 2 }  # [8, 26, 26] → [8, 13, 13]
 * }</pre>
 *
 * @param window the window, without gaps; what it has outside the input counts as zero
 */
public record L2Pool(Window window) implements Pooling {
  public static final String TYPE = "l2-pool";

  /** Rejects an empty window, a stride below 1 and a padding as large as the window. */
  public L2Pool {
    Pooling.check(TYPE, window);
  }

  /** A square window without padding. */
  public L2Pool(int window, int stride) {
    this(Window.square(window, stride, 0));
  }

  /** Reads {@code window}, {@code stride}, {@code padding} and {@code ceil-mode}. */
  public static L2Pool read(Options options) {
    return new L2Pool(Pooling.read(options));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Norms(Regions.of(window, input));
  }

  private static final class Norms extends WindowLayer {
    Norms(Regions regions) {
      super(regions);
    }

    @Override
    void pool(float[] input, int from, int[] taps, float[] output, int to, int place) {
      Arrays.fill(output, to, to + Lanes.COUNT, 0f);
      for (int tap : taps) {
        int at = from + tap;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          float x = input[at + lane];
          output[to + lane] = Fma.of(x, x, output[to + lane]);
        }
      }
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        output[to + lane] = (float) Math.sqrt(output[to + lane]);
      }
    }

    @Override
    void spread(
        float[] input,
        float[] output,
        float[] outputGradient,
        int at,
        float[] inputGradient,
        int to,
        int place) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        float norm = output[at + lane];
        float slope = norm == 0f ? 0f : input[to + lane] / norm;
        inputGradient[to + lane] =
            Fma.of(outputGradient[at + lane], slope, inputGradient[to + lane]);
      }
    }
  }
}
