package dev.featuremap.layer.elementwise;

import dev.featuremap.init.StartingValues;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.GradientSlots;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * Parametric rectified linear units: {@code out = in} where that is positive, {@code a · in}
 * elsewhere, with a slope {@code a} that is learned, one for the layer or one for each channel (He,
 * Zhang, Ren and Sun 2015, "Delving deep into rectifiers"). The slopes have no weight decay, as in
 * that paper: it would pull them towards relu.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = prelu, per-channel = true }  # [8, 26, 26] → [8, 26, 26]
 * }</pre>
 *
 * @param perChannel true for a slope of each channel
 * @param slope what slopes start at
 */
public record Prelu(boolean perChannel, double slope) implements Elementwise {
  public static final String TYPE = "prelu";

  private static final double SLOPE = 0.25;

  /** Rejects a slope that is no finite number of single precision. */
  public Prelu {
    if (!Float.isFinite((float) slope)) {
      throw new IllegalArgumentException(
          "Cannot make a prelu layer: its slope must be a finite number, got %s.".formatted(slope));
    }
  }

  /** Reads {@code per-channel}, by default false, and {@code slope}, by default 0.25. */
  public static Prelu read(Options options) {
    return new Prelu(
        options.flag("per-channel", false),
        options.number(
            "slope", SLOPE, "of single precision", slope -> Float.isFinite(slope.floatValue())));
  }

  @Override
  public String summary() {
    return (perChannel ? "per channel" : "")
        + (perChannel && slope != SLOPE ? ", " : "")
        + (slope == SLOPE ? "" : "slope " + slope);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    StartingValues start = StartingValues.constant((float) slope);
    return List.of(new ParameterSpec("weight", List.of(slopes(input)), start, 1, 1, false));
  }

  private int slopes(Shape input) {
    return perChannel ? input.channels() : 1;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    GradientSlots slots = new GradientSlots(slopes(input), place.blocks());
    return new Neurons(kernels, input, perChannel, place.parametersAt(), slots);
  }

  private static final class Neurons implements Layer {
    private final Kernels kernels;
    private final Shape shape;
    private final boolean perChannel;
    private final int slopesAt;
    private final GradientSlots slots;
    private final float[] laneSums = new float[Lanes.COUNT];

    Neurons(Kernels kernels, Shape shape, boolean perChannel, int slopesAt, GradientSlots slots) {
      this.kernels = kernels;
      this.shape = shape;
      this.perChannel = perChannel;
      this.slopesAt = slopesAt;
      this.slots = slots;
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new Neurons(kernels, shape, perChannel, slopesAt, slots);
    }

    @Override
    public void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
      for (int k = 0; k < group.size(); k++) {
        for (int c = 0; c < shape.channels(); c++) {
          float slope = parameters[slopesAt + slopeOf(c)];
          kernels.leakyRectify(slope, input[k], output[k], start(c), start(c + 1));
        }
      }
    }

    @Override
    public void backward(
        BlockGroup group,
        float[] parameters,
        float[][] input,
        float[][] output,
        float[][] outputGradient,
        float[][] inputGradient) {
      for (int k = 0; k < group.size(); k++) {
        float[] x = input[k];
        float[] toOutput = outputGradient[k];
        float[] sums = slots.of(group.pass(k).block(), group.blocksInBatch());
        for (int c = 0; c < shape.channels(); c++) {
          kernels.slopeGradient(x, toOutput, start(c), start(c + 1), laneSums);
          sums[slopeOf(c)] += Lanes.sum(laneSums, 0);
          if (inputGradient != null) {
            float slope = parameters[slopesAt + slopeOf(c)];
            kernels.leakyRectifyGradient(
                slope, x, toOutput, inputGradient[k], start(c), start(c + 1));
          }
        }
      }
    }

    @Override
    public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
      slots.sumInto(parameterGradient, slopesAt, blocks, part, parts);
    }

    private int slopeOf(int channel) {
      return perChannel ? channel : 0;
    }

    private int start(int channel) {
      return channel * shape.height() * shape.width() * Lanes.COUNT;
    }
  }
}
