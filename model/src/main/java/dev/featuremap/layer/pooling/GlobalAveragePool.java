package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * The mean activation of each feature map, added up by rows (Lin, Chen and Yan 2013, "Network in
 * network").
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [channels, 1, 1]}.
 *
 * <pre>{@code
 * { type = global-average-pool }  # [64, 7, 7] → [64, 1, 1]
 * }</pre>
 */
public record GlobalAveragePool() implements LayerSpec {
  public static final String TYPE = "global-average-pool";

  @Override
  public Shape outputShape(Shape input) {
    return Shape.ofFeatures(input.channels());
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Means(input.channels(), input.height() * input.width());
  }

  private static final class Means extends SingleBlockLayer {
    private final int channels;
    private final int pixels;

    Means(int channels, int pixels) {
      this.channels = channels;
      this.pixels = pixels;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      int from = 0;
      for (int to = 0; to < channels * Lanes.COUNT; to += Lanes.COUNT) {
        Arrays.fill(output, to, to + Lanes.COUNT, 0f);
        for (int pixel = 0; pixel < pixels; pixel++, from += Lanes.COUNT) {
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            output[to + lane] += input[from + lane];
          }
        }
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          output[to + lane] /= pixels;
        }
      }
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      int to = 0;
      for (int from = 0; from < channels * Lanes.COUNT; from += Lanes.COUNT) {
        int first = to;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          inputGradient[to + lane] = outputGradient[from + lane] / pixels;
        }
        to += Lanes.COUNT;
        for (int pixel = 1; pixel < pixels; pixel++, to += Lanes.COUNT) {
          System.arraycopy(inputGradient, first, inputGradient, to, Lanes.COUNT);
        }
      }
    }
  }
}
