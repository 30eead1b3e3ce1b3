package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
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
 * @param window rows and columns of the window
 * @param stride step of the window
 */
public record L2Pool(int window, int stride) implements Pooling {
  public static final String TYPE = "l2-pool";

  /** Rejects an empty window and a stride below 1. */
  public L2Pool {
    Pooling.check(TYPE, window, stride);
  }

  /** Reads {@code window} and {@code stride}. */
  public static L2Pool read(Options options) {
    int window = Pooling.readWindow(options);
    return new L2Pool(window, Pooling.readStride(options, window));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Norms(geometry(input));
  }

  private static final class Norms extends WindowLayer {
    Norms(PoolingGeometry geometry) {
      super(geometry);
    }

    @Override
    void pool(float[] input, int from, int[] taps, float[] output, int to) {
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
        int to) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        float norm = output[at + lane];
        float slope = norm == 0f ? 0f : input[to + lane] / norm;
        inputGradient[to + lane] =
            Fma.of(outputGradient[at + lane], slope, inputGradient[to + lane]);
      }
    }
  }
}
