package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionRule;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.GradientSlots;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.tensor.Shape;

/**
 * {@link Convolution} at work, each direction by the algorithm that {@link ConvolutionRule} gives
 * it.
 *
 * <p>The input gradient is itself a convolution: of the output gradient, spread by the stride and
 * with a border of field - 1 - padding, with every field turned by 180° and the roles of channels
 * and feature maps exchanged. Its output is exactly the input; rows that no field reached meet
 * zeros only. Where it can, {@link StridedInputGradient} leaves the zeros of the spreading out.
 */
final class ConvolutionLayer implements Layer {
  private final ConvolutionSizes sizes;
  private final int weightsAt;
  private final int weights;
  private final boolean biased;
  private final boolean frozen;
  private final Kernels kernels;
  private final GradientSlots slots;
  private final ConvolutionProduct forward;
  private final ConvolutionProduct inputGradient; // null when nobody needs it
  private final ConvolutionWeightGradient weightGradient;
  private final Correlation biasGradient;

  ConvolutionLayer(Convolution spec, Shape input, LayerPlace place, Kernels kernels) {
    sizes = new ConvolutionSizes(spec, input);
    weightsAt = place.parametersAt();
    weights = sizes.weights();
    biased = spec.biases().isPresent();
    frozen = place.frozen();
    this.kernels = kernels;
    slots = new GradientSlots(weights + (biased ? spec.featureMaps() : 0), place.gradientBlocks());
    forward = sizes.forward(kernels, weightsAt, place.scratch());
    inputGradient =
        place.inputGradient() ? sizes.inputGradient(kernels, weightsAt, place.scratch()) : null;
    weightGradient = sizes.weightGradient(kernels, place.scratch());
    biasGradient = sizes.biasGradient(kernels);
  }

  private ConvolutionLayer(ConvolutionLayer of, Scratch scratch) {
    sizes = of.sizes;
    weightsAt = of.weightsAt;
    weights = of.weights;
    biased = of.biased;
    frozen = of.frozen;
    kernels = of.kernels;
    slots = of.slots;
    forward = of.forward.fork(scratch);
    inputGradient = of.inputGradient == null ? null : of.inputGradient.fork(scratch);
    weightGradient = sizes.weightGradient(kernels, scratch);
    biasGradient = sizes.biasGradient(kernels);
  }

  @Override
  public Layer fork(Scratch scratch) {
    return new ConvolutionLayer(this, scratch);
  }

  @Override
  public void prepare(float[] parameters, int part, int parts) {
    forward.prepare(parameters, part, parts);
    if (inputGradient != null) {
      inputGradient.prepare(parameters, part, parts);
    }
  }

  @Override
  public void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
    forward.apply(group.size(), input, parameters, biased ? weightsAt + weights : -1, output);
  }

  @Override
  public void backward(
      BlockGroup group,
      float[] parameters,
      float[][] input,
      float[][] output,
      float[][] outputGradient,
      float[][] toInput) {
    for (int k = 0; k < group.size() && !frozen; k++) {
      float[] sums = slots.of(group.pass(k).block(), group.blocksInBatch());
      weightGradient.add(input[k], outputGradient[k], sums);
      if (biased) {
        biasGradient.biasGradient(outputGradient[k], sums, weights);
      }
    }
    if (toInput != null) {
      inputGradient.apply(group.size(), outputGradient, parameters, -1, toInput);
    }
  }

  @Override
  public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
    slots.sumInto(parameterGradient, weightsAt, blocks, part, parts);
  }
}
