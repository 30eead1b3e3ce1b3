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
import java.util.Arrays;

/**
 * Some neighbouring channels of its input: {@code out[c] = in[from + c]}. Two of them split
 * channels, as ShuffleNetV2 does (Ma, Zhang, Zheng and Sun 2018, "ShuffleNet V2: practical
 * guidelines for efficient CNN architecture design"). The gradient of the other channels is zero.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [to - from, height, width]}.
 *
 * <pre>{@code
 * { type = channel-slice, to = 4 }    # [8, 26, 26] → [4, 26, 26]
 * { type = channel-slice, from = 4 }  # [8, 26, 26] → [4, 26, 26]
 * }</pre>
 *
 * @param from the first channel, from 0
 * @param to the channel behind the last; {@link #ALL} for all from the first on
 */
public record ChannelSlice(int from, int to) implements LayerSpec {
  public static final String TYPE = "channel-slice";

  /** Stands for as many channels as there are. */
  public static final int ALL = Integer.MAX_VALUE;

  /** Rejects a slice without channels. */
  public ChannelSlice {
    Checks.range(TYPE, "first channel (from)", from, 0, ALL - 1);
    if (to <= from) {
      throw new IllegalArgumentException(
          "Cannot make a channel-slice layer: it takes the channels from %s to before %s, which are none."
              .formatted(from, to));
    }
  }

  /** Reads {@code from}, by default 0, and {@code to}, by default the number of channels. */
  public static ChannelSlice read(Options options) {
    int from = options.integer("from", 0, 0, ALL - 1);
    int to = options.integer("to", ALL, 1, ALL);
    if (to <= from) {
      options.problem(
          "Cannot use %s: expected more than from = %s, since the slice ends before it, got %s."
              .formatted(options.path("to"), from, to));
      return new ChannelSlice(from, ALL);
    }
    return new ChannelSlice(from, to);
  }

  /** The channel behind the last for an input. */
  public int end(Shape input) {
    return to == ALL ? input.channels() : to;
  }

  @Override
  public String summary() {
    return to == ALL ? "from " + from : "%s to %s".formatted(from, to);
  }

  @Override
  public Shape outputShape(Shape input) {
    int end = end(input);
    if (from >= input.channels() || end > input.channels()) {
      throw new IllegalArgumentException(
          "it takes the channels from %s%s, got %s with %s. Count channels from 0; to is the one behind the last"
              .formatted(
                  from,
                  to == ALL ? " on" : " to before " + to,
                  input,
                  input.channels() == 1 ? "1 channel" : input.channels() + " channels"));
    }
    return new Shape(end - from, input.height(), input.width());
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    int plane = input.height() * input.width() * Lanes.COUNT;
    return new Slice(from * plane, end(input) * plane, input.blockSize());
  }

  private static final class Slice extends SingleBlockLayer {
    private final int first;
    private final int end;
    private final int blockSize;

    Slice(int first, int end, int blockSize) {
      this.first = first;
      this.end = end;
      this.blockSize = blockSize;
    }

    @Override
    public void forward(BlockPass pass, float[] input, float[] output) {
      System.arraycopy(input, first, output, 0, end - first);
    }

    @Override
    public void backward(
        BlockPass pass,
        float[] input,
        float[] output,
        float[] outputGradient,
        float[] inputGradient) {
      Arrays.fill(inputGradient, 0, first, 0f);
      System.arraycopy(outputGradient, 0, inputGradient, first, end - first);
      Arrays.fill(inputGradient, end, blockSize, 0f);
    }
  }
}
