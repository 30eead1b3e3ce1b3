package dev.featuremap.layer.channel;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/**
 * Mixes the channels of groups: the first channel of each group comes first, then the second of
 * each, and so on, {@code out[i · groups + g] = in[g · channels / groups + i]} (Zhang, Zhou, Lin
 * and Sun 2018, "ShuffleNet: an extremely efficient convolutional neural network for mobile
 * devices"; PyTorch's {@code channel_shuffle}).
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = channel-shuffle, groups = 2 }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param groups divides the channels
 */
public record ChannelShuffle(int groups) implements LayerSpec {
  public static final String TYPE = "channel-shuffle";

  /** Rejects less than one group. */
  public ChannelShuffle {
    Checks.range(TYPE, "groups", groups, 1, Integer.MAX_VALUE);
  }

  /** Reads {@code groups}. */
  public static ChannelShuffle read(Options options) {
    return new ChannelShuffle(options.requiredInteger("groups", 1));
  }

  @Override
  public String summary() {
    return groups == 1 ? "1 group" : groups + " groups";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          "its %s groups must divide the channels, got %s".formatted(groups, input.channels()));
    }
    return input;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    int plane = input.height() * input.width() * Lanes.COUNT;
    return new Order(groups, input.channels() / groups, plane);
  }

  private static final class Order extends SingleBlockLayer {
    private final int groups;
    private final int channels; // of a group
    private final int plane; // floats of a channel

    Order(int groups, int channels, int plane) {
      this.groups = groups;
      this.channels = channels;
      this.plane = plane;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      copy(input, groups, channels, output);
    }

    /** The inverse is the shuffle of as many groups as a group has channels. */
    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      copy(outputGradient, channels, groups, inputGradient);
    }

    /** Copies {@code [rows, columns]} channels as {@code [columns, rows]}. */
    private void copy(float[] from, int rows, int columns, float[] to) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int source = (row * columns + column) * plane;
          System.arraycopy(from, source, to, (column * rows + row) * plane, plane);
        }
      }
    }
  }
}
