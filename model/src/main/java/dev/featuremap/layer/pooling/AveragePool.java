package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Average pooling: the mean activation in each window, added up by rows.
 *
 * <p>Shapes: see {@link Pooling}.
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
  public String type() {
    return TYPE;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Means(new PoolingOffsets(geometry(input)), input.blockSize());
  }

  private static final class Means extends SingleBlockLayer {
    private final int[] corners;
    private final int[] taps;
    private final int inputBlockSize;

    Means(PoolingOffsets offsets, int inputBlockSize) {
      this.corners = offsets.corners();
      this.taps = offsets.taps();
      this.inputBlockSize = inputBlockSize;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      int to = 0;
      for (int corner : corners) {
        System.arraycopy(input, corner, output, to, Lanes.COUNT);
        for (int t = 1; t < taps.length; t++) {
          int from = corner + taps[t];
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            output[to + lane] += input[from + lane];
          }
        }
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          output[to + lane] /= taps.length;
        }
        to += Lanes.COUNT;
      }
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      Arrays.fill(inputGradient, 0, inputBlockSize, 0f);
      int from = 0;
      for (int corner : corners) {
        for (int tap : taps) {
          int to = corner + tap;
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            inputGradient[to + lane] += outputGradient[from + lane] / taps.length;
          }
        }
        from += Lanes.COUNT;
      }
    }
  }
}
