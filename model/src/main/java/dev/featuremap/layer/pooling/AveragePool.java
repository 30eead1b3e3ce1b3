package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/**
 * Average pooling: the mean activation in each window, added up by rows.
 *
 * <p>Shapes: see {@link Pooling}.
 *
 * <pre>{@code
 * { type = average-pool, window = 2 }  # [8, 26, 26] → [8, 13, 13]
 * }</pre>
 *
 * @param window rows and columns of the window
 * @param stride step of the window
 */
public record AveragePool(int window, int stride) implements Pooling {
  public static final String TYPE = "average-pool";

  /** Rejects an empty window and a stride below 1. */
  public AveragePool {
    Pooling.check(TYPE, window, stride);
  }

  /** Reads {@code window} and {@code stride}. */
  public static AveragePool read(Options options) {
    int window = Pooling.readWindow(options);
    return new AveragePool(window, Pooling.readStride(options, window));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Means(geometry(input));
  }

  private static final class Means extends WindowLayer {
    private final int pixels;

    Means(PoolingGeometry geometry) {
      super(geometry);
      pixels = geometry.window() * geometry.window();
    }

    @Override
    void pool(float[] input, int from, int[] taps, float[] output, int to) {
      System.arraycopy(input, from, output, to, Lanes.COUNT);
      for (int t = 1; t < taps.length; t++) {
        int at = from + taps[t];
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          output[to + lane] += input[at + lane];
        }
      }
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        output[to + lane] /= taps.length;
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
        inputGradient[to + lane] += outputGradient[at + lane] / pixels;
      }
    }
  }
}
