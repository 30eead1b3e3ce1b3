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
import java.util.Optional;

/**
 * Every output sees every input: {@code out[o] = b[o] + Σ w[o,i] · in[i]}, or without the biases
 * {@code b}.
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
 * @param biases how biases {@code b} start; empty for none
 */
public record FullyConnected(int outputs, Initializer weights, Optional<Initializer> biases)
    implements LayerSpec {
  public static final String TYPE = "fully-connected";

  /** Rejects a layer without outputs. */
  public FullyConnected {
    Checks.range(TYPE, "outputs", outputs, 1, Integer.MAX_VALUE);
  }

  /** Reads {@code outputs}, {@code initializer}, {@code bias} and {@code bias-initializer}. */
  public static FullyConnected read(Options options) {
    int outputs = options.requiredInteger("outputs", 1);
    Initializer weights = options.choice("initializer", Initializer.HE_NORMAL);
    boolean biased = options.flag("bias", true);
    Initializer biases = options.choice("bias-initializer", Initializer.ZEROS);
    return new FullyConnected(outputs, weights, biased ? Optional.of(biases) : Optional.empty());
  }

  @Override
  public String summary() {
    return (outputs == 1 ? "1 output" : outputs + " outputs")
        + (biases.isPresent() ? "" : ", no bias");
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
    ParameterSpec weight =
        new ParameterSpec("weight", List.of(outputs, inputs), weights, inputs, outputs, true);
    return biases
        .map(start -> new ParameterSpec("bias", List.of(outputs), start, inputs, outputs, false))
        .map(bias -> List.of(weight, bias))
        .orElse(List.of(weight));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new Neurons(
        kernels,
        input.size(),
        outputs,
        place.parametersAt(),
        biases.isPresent() ? place.parametersAt() + input.size() * outputs : -1,
        place.frozen()
            ? null
            : kernels.fullyConnectedGradient(input.size(), outputs, place.blocks()));
  }

  private static final class Neurons implements Layer {
    private final Kernels kernels;
    private final int inputs;
    private final int outputs;
    private final int weightsAt;
    private final int biasesAt; // -1 for none
    private final FullyConnectedProducts products;
    private final FullyConnectedGradient gradient; // null when nobody needs it

    Neurons(
        Kernels kernels,
        int inputs,
        int outputs,
        int weightsAt,
        int biasesAt,
        FullyConnectedGradient gradient) {
      this.kernels = kernels;
      this.inputs = inputs;
      this.outputs = outputs;
      this.weightsAt = weightsAt;
      this.biasesAt = biasesAt;
      this.products = kernels.fullyConnected(inputs, outputs);
      this.gradient = gradient;
    }

    @Override
    public Layer fork(Scratch scratch) {
      return new Neurons(kernels, inputs, outputs, weightsAt, biasesAt, gradient);
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
      for (int k = 0; k < group.size() && gradient != null; k++) {
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
