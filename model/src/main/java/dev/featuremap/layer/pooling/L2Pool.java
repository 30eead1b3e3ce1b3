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
 * L2 pooling: the square root of the sum of the squares in each window, {@code out = sqrt(Σ x²)}.
 * Its gradient is {@code x / out}, and zero where {@code out} is zero.
 *
 * <p>Shapes: see {@link Pooling}.
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
  public String type() {
    return TYPE;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Norms(new PoolingOffsets(geometry(input)), input.blockSize());
  }

  private static final class Norms extends SingleBlockLayer {
    private final int[] corners;
    private final int[] taps;
    private final int inputBlockSize;

    Norms(PoolingOffsets offsets, int inputBlockSize) {
      this.corners = offsets.corners();
      this.taps = offsets.taps();
      this.inputBlockSize = inputBlockSize;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      int to = 0;
      for (int corner : corners) {
        Arrays.fill(output, to, to + Lanes.COUNT, 0f);
        for (int tap : taps) {
          int from = corner + tap;
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            float x = input[from + lane];
            output[to + lane] = Math.fma(x, x, output[to + lane]);
          }
        }
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          output[to + lane] = (float) Math.sqrt(output[to + lane]);
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
            float norm = output[from + lane];
            float slope = norm == 0f ? 0f : input[to + lane] / norm;
            inputGradient[to + lane] =
                Math.fma(outputGradient[from + lane], slope, inputGradient[to + lane]);
          }
        }
        from += Lanes.COUNT;
      }
    }
  }
}
