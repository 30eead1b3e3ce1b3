package dev.featuremap.layer.dense;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Shape;

/**
 * Turns feature maps into a vector, in the order {@code [channel, row, column]}. A fully connected
 * layer does so by itself; this layer only makes it visible.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [channels · height · width, 1,
 * 1]}.
 *
 * <pre>{@code
 * { type = flatten }  # [8, 13, 13] → [1352, 1, 1]
 * }</pre>
 */
public record Flatten() implements LayerSpec {
  public static final String TYPE = "flatten";

  @Override
  public Shape outputShape(Shape input) {
    return Shape.ofFeatures(input.size());
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Copy(input.blockSize());
  }

  /** In the image-lane layout both shapes have the same order of floats. */
  private static final class Copy extends SingleBlockLayer {
    private final int blockSize;

    Copy(int blockSize) {
      this.blockSize = blockSize;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      System.arraycopy(input, 0, output, 0, blockSize);
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      System.arraycopy(outputGradient, 0, inputGradient, 0, blockSize);
    }
  }
}
