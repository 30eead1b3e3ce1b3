package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Parts;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.GradientSlots;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.layer.ZeroPadding;
import dev.featuremap.tensor.Shape;

/**
 * {@link Convolution} in groups: each group is a direct convolution of its slice of channels to its
 * slice of maps, all of the same sizes, one after the other in the cache.
 */
final class GroupedConvolutionLayer implements Layer {
  private final ConvolutionSizes sizes; // of one group
  private final int groups;
  private final int weightsAt;
  private final int weights; // of one group
  private final boolean biased;
  private final boolean frozen;
  private final Kernels kernels;
  private final GradientSlots slots;
  private final float[] turnedWeights; // of all groups, or null when nobody needs them
  private final ConvolutionGeometry gradientGeometry; // of the input gradient
  private final ZeroPadding padding;
  private final ZeroPadding spread;
  private final Correlation forward;
  private final Correlation inputGradient;
  private final Correlation biasGradient;
  private final float[] inputSlice;
  private final float[] outputSlice;

  GroupedConvolutionLayer(Convolution spec, Shape input, LayerPlace place, Kernels kernels) {
    this(
        sizesOfGroup(spec, input),
        spec.groups(),
        place.parametersAt(),
        kernels,
        new GradientSlots(
            spec.parameters(input).stream().mapToInt(ParameterSpec::size).sum(),
            place.gradientBlocks()),
        place.inputGradient()
            ? new float[sizesOfGroup(spec, input).weights() * spec.groups()]
            : null,
        place.frozen(),
        place.scratch());
  }

  private GroupedConvolutionLayer(
      ConvolutionSizes sizes,
      int groups,
      int weightsAt,
      Kernels kernels,
      GradientSlots slots,
      float[] turnedWeights,
      boolean frozen,
      Scratch scratch) {
    this.sizes = sizes;
    this.groups = groups;
    this.weightsAt = weightsAt;
    this.weights = sizes.weights();
    this.biased = sizes.spec().biases().isPresent();
    this.kernels = kernels;
    this.slots = slots;
    this.turnedWeights = turnedWeights;
    this.frozen = frozen;
    gradientGeometry = sizes.inputGradientGeometry();
    padding = sizes.padding(scratch);
    spread = sizes.spreading(scratch);
    forward = kernels.correlation(sizes.geometry());
    inputGradient = kernels.correlation(gradientGeometry);
    biasGradient = sizes.biasGradient(kernels);
    inputSlice = new float[sizes.input().blockSize()];
    outputSlice = new float[sizes.spec().outputShape(sizes.input()).blockSize()];
  }

  private static ConvolutionSizes sizesOfGroup(Convolution spec, Shape input) {
    int groups = spec.groups();
    Convolution part =
        new Convolution(
            spec.featureMaps() / groups, spec.field(), 1, spec.weights(), spec.biases());
    return new ConvolutionSizes(
        part, new Shape(input.channels() / groups, input.height(), input.width()));
  }

  @Override
  public Layer fork(Scratch scratch) {
    return new GroupedConvolutionLayer(
        sizes, groups, weightsAt, kernels, slots, turnedWeights, frozen, scratch);
  }

  @Override
  public void prepare(float[] parameters, int part, int parts) {
    if (turnedWeights == null) {
      return;
    }
    int end = Parts.start(groups, part + 1, parts);
    for (int group = Parts.start(groups, part, parts); group < end; group++) {
      int at = group * weights;
      TurnedWeights.write(gradientGeometry, parameters, weightsAt + at, turnedWeights, at, 0, 1);
    }
  }

  private int biasesAt(int group) {
    return weightsAt + groups * weights + group * sizes.spec().featureMaps();
  }

  private float[] slice(float[] values, int group, float[] slice) {
    System.arraycopy(values, group * slice.length, slice, 0, slice.length);
    return slice;
  }

  @Override
  public void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
    for (int k = 0; k < group.size(); k++) {
      for (int g = 0; g < groups; g++) {
        float[] padded = padding.apply(slice(input[k], g, inputSlice));
        forward.apply(
            padded, parameters, weightsAt + g * weights, biased ? biasesAt(g) : -1, outputSlice);
        System.arraycopy(outputSlice, 0, output[k], g * outputSlice.length, outputSlice.length);
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
      float[][] toInput) {
    for (int k = 0; k < group.size(); k++) {
      float[] sums = frozen ? null : slots.of(group.pass(k).block(), group.blocksInBatch());
      for (int g = 0; g < groups; g++) {
        float[] gradient = slice(outputGradient[k], g, outputSlice);
        if (!frozen) {
          float[] padded = padding.apply(slice(input[k], g, inputSlice));
          forward.weightGradient(padded, gradient, sums, g * weights);
        }
        if (biased && !frozen) {
          biasGradient.biasGradient(gradient, sums, biasesAt(g) - weightsAt);
        }
        if (toInput != null) {
          inputGradient.apply(spread.apply(gradient), turnedWeights, g * weights, -1, inputSlice);
          System.arraycopy(inputSlice, 0, toInput[k], g * inputSlice.length, inputSlice.length);
        }
      }
    }
  }

  @Override
  public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
    slots.sumInto(parameterGradient, weightsAt, blocks, part, parts);
  }
}
