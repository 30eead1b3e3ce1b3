package dev.featuremap.layer.normalization;

import dev.featuremap.init.StartingValues;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.GradientSlots;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * A learned factor for each channel, {@code out = γ · in}, which starts small, so that a residual
 * starts near its shortcut (Touvron, Cord, Sablayrolles, Synnaeve and Jégou 2021, "Going deeper
 * with image transformers"; torchvision's and timm's ConvNeXt). Weight decay leaves it alone.
 *
 * <p>PyTorch has it as a parameter, not as a module, so its tensor has the layer's own name: {@code
 * name = layer_scale} in the residual {@code features.1.0} is torchvision's {@code
 * features.1.0.layer_scale}. Its shape is torchvision's {@code [channels, 1, 1]}, and {@code
 * [channels]} on a vector.
 *
 * <p>Shapes: output as input.
 *
 * <pre>{@code
 * { type = layer-scale, name = layer_scale, initial = 1e-6 }  # [96, 8, 8] → [96, 8, 8]
 * }</pre>
 *
 * @param initial how every factor starts
 */
public record LayerScale(double initial) implements LayerSpec {
  public static final String TYPE = "layer-scale";

  private static final double INITIAL = 1e-6;

  /** Rejects what is no number. */
  public LayerScale {
    if (!Float.isFinite((float) initial)) {
      throw new IllegalArgumentException(
          "Cannot make a layer-scale layer: its initial factor must be a finite float, got %s."
              .formatted(initial));
    }
  }

  /** Reads {@code initial}. */
  public static LayerScale read(Options options) {
    return new LayerScale(
        options.number(
            "initial", INITIAL, "that a float can hold", v -> Float.isFinite(v.floatValue())));
  }

  @Override
  public String summary() {
    return initial == INITIAL ? "" : "initial " + initial;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<Integer> dimensions =
        input.isFlat() ? List.of(input.channels()) : List.of(input.channels(), 1, 1);
    return List.of(
        new ParameterSpec("", dimensions, StartingValues.constant((float) initial), 1, 1, false));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Factors(
        input.channels(),
        input.height() * input.width(),
        place.parametersAt(),
        new GradientSlots(input.channels(), place.blocks()),
        kernels);
  }

  private static final class Factors implements Layer {
    private final int channels;
    private final int pixels;
    private final int at;
    private final GradientSlots slots;
    private final Kernels kernels;
    private final LaneTotals totals;
    private final float[] zeros = new float[Lanes.COUNT];
    private final double[] sums = new double[Lanes.COUNT];
    private final double[] products = new double[Lanes.COUNT];

    Factors(int channels, int pixels, int at, GradientSlots slots, Kernels kernels) {
      this.channels = channels;
      this.pixels = pixels;
      this.at = at;
      this.slots = slots;
      this.kernels = kernels;
      totals = new LaneTotals(kernels.imageNormalization());
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new Factors(channels, pixels, at, slots, kernels);
    }

    @Override
    public void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
      for (int k = 0; k < group.size(); k++) {
        scale(parameters, input[k], output[k]);
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
        float[] slot = slots.of(group.pass(k).block(), group.blocksInBatch());
        for (int c = 0; c < channels; c++) {
          int from = c * pixels * Lanes.COUNT;
          totals.gradientSums(input[k], outputGradient[k], from, pixels, zeros, sums, products);
          double sum = 0;
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            sum += products[lane];
          }
          slot[c] += (float) sum;
        }
        if (inputGradient != null) {
          scale(parameters, outputGradient[k], inputGradient[k]);
        }
      }
    }

    private void scale(float[] parameters, float[] from, float[] to) {
      int plane = pixels * Lanes.COUNT;
      for (int c = 0; c < channels; c++) {
        multiply(from, c * plane, plane, parameters[at + c], to);
      }
    }

    private static void multiply(float[] from, int start, int length, float factor, float[] to) {
      for (int k = start; k < start + length; k++) {
        to[k] = from[k] * factor;
      }
    }

    @Override
    public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
      slots.sumInto(parameterGradient, at, blocks, part, parts);
    }
  }
}
