package dev.featuremap.layer.dense;

import dev.featuremap.init.Initializer;
import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * Every output sees every input: {@code out[o] = b[o] + Σ w[o,i] · in[i]}.
 *
 * <p>Shapes: any input, read in the order {@code [channel, row, column]}; output {@code [outputs,
 * 1, 1]}.
 *
 * <pre>{@code
 * { type = fully-connected, outputs = 10 }  # [8, 13, 13] → [10, 1, 1]
 * }</pre>
 *
 * @param outputs neurons {@code o}
 * @param weights how weights {@code w} start
 * @param biases how biases {@code b} start
 */
public record FullyConnected(int outputs, Initializer weights, Initializer biases)
    implements LayerSpec {
  public static final String TYPE = "fully-connected";

  /** Rejects a layer without outputs. */
  public FullyConnected {
    Checks.range(TYPE, "outputs", outputs, 1, Integer.MAX_VALUE);
  }

  /** Reads {@code outputs}, {@code initializer} and {@code bias-initializer}. */
  public static FullyConnected read(Options options) {
    return new FullyConnected(
        options.requiredInteger("outputs", 1),
        options.choice("initializer", Initializer.HE_NORMAL),
        options.choice("bias-initializer", Initializer.ZEROS));
  }

  @Override
  public String summary() {
    return outputs == 1 ? "1 output" : outputs + " outputs";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.ofFeatures(outputs);
  }

  /** Its input or its output gradient, filled up to whole panels. */
  @Override
  public int keptPerImage(Shape input) {
    return Math.max(input.size(), outputs) + FullyConnectedGradient.LARGEST_PANEL;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int inputs = input.size();
    return List.of(
        new ParameterSpec("weight", List.of(outputs, inputs), weights, inputs, outputs, true),
        new ParameterSpec("bias", List.of(outputs), biases, inputs, outputs, false));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Neurons(
        kernels,
        input.size(),
        outputs,
        place.parametersAt(),
        kernels.fullyConnectedGradient(input.size(), outputs, place.blocks()));
  }

  private static final class Neurons implements Layer {
    private final Kernels kernels;
    private final int inputs;
    private final int outputs;
    private final int weightsAt;
    private final int biasesAt;
    private final FullyConnectedProducts products;
    private final FullyConnectedGradient gradient;

    Neurons(
        Kernels kernels,
        int inputs,
        int outputs,
        int parametersAt,
        FullyConnectedGradient gradient) {
      this.kernels = kernels;
      this.inputs = inputs;
      this.outputs = outputs;
      this.weightsAt = parametersAt;
      this.biasesAt = parametersAt + inputs * outputs;
      this.products = kernels.fullyConnected(inputs, outputs);
      this.gradient = gradient;
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new Neurons(kernels, inputs, outputs, weightsAt, gradient);
    }

    @Override
    public void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
      products.forward(group.size(), input, parameters, weightsAt, biasesAt, output);
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
        gradient.keep(group.pass(k).block(), input[k], outputGradient[k]);
      }
      if (inputGradient != null) {
        products.inputGradient(group.size(), outputGradient, parameters, weightsAt, inputGradient);
      }
    }

    @Override
    public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
      gradient.writeInto(blocks, parameterGradient, weightsAt, biasesAt, part, parts);
    }
  }
}
