package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API twin of {@link ScalarKernels}: the same bits on vectors of any width up to 16
 * lanes; a narrower vector visits the 16 images of a block in groups.
 *
 * <p>Only the classes {@code Vector…} of this package import {@code jdk.incubator.vector}. C2 keeps
 * vectors in registers only if the accumulators of a loop are local variables, live in a single
 * loop, and are not handed to a method that is too large to inline; otherwise it boxes them, which
 * is about 10 times slower. That is why the loops are flattened over tables of offsets and the
 * register tiles are written out.
 */
public final class VectorKernels implements Kernels {
  /** The widest vectors of this CPU, but at most one block of images. */
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Lanes.COUNT
          ? VectorSpecies.of(float.class, VectorShape.S_512_BIT)
          : FloatVector.SPECIES_PREFERRED;

  /** Creates the kernels; {@link KernelLookup} does, by name. */
  public VectorKernels() {}

  @Override
  public String name() {
    return "vector/" + SPECIES.length() + " lanes";
  }

  @Override
  public void convolve(
      ConvolutionGeometry geometry,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output) {
    new VectorConvolution(geometry, input, parameters, weightsAt, biasesAt, output).run();
  }

  @Override
  public void convolveWeightGradient(
      ConvolutionGeometry geometry,
      float[] input,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt) {
    new VectorConvolutionGradient(geometry, input, outputGradient, parameterGradient, weightsAt)
        .run();
  }

  @Override
  public void biasGradient(
      int channels, int pixels, float[] outputGradient, float[] parameterGradient, int biasesAt) {
    VectorConvolutionGradient.biases(channels, pixels, outputGradient, parameterGradient, biasesAt);
  }

  @Override
  public void fullyConnected(
      int inputs,
      int outputs,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output) {
    VectorFullyConnected.forward(inputs, outputs, input, parameters, weightsAt, biasesAt, output);
  }

  @Override
  public void fullyConnectedInputGradient(
      int inputs,
      int outputs,
      float[] outputGradient,
      float[] parameters,
      int weightsAt,
      float[] inputGradient) {
    VectorFullyConnected.inputGradient(
        inputs, outputs, outputGradient, parameters, weightsAt, inputGradient);
  }

  @Override
  public void fullyConnectedWeightGradient(
      int inputs,
      int outputs,
      float[] input,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt,
      float[] transposedInput) {
    ScalarKernels.transpose(inputs, input, transposedInput);
    new VectorFullyConnectedGradient(
            inputs, outputs, transposedInput, outputGradient, parameterGradient, weightsAt)
        .run();
  }

  @Override
  public void maxPool(PoolingGeometry geometry, float[] input, float[] output) {
    new VectorPooling(geometry, input).maxima(output);
  }

  @Override
  public void maxPoolGradient(
      PoolingGeometry geometry,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient) {
    new VectorPooling(geometry, input).gradient(output, outputGradient, inputGradient);
  }

  @Override
  public void sigmoid(float[] input, float[] output, int length) {
    VectorActivation.sigmoid(input, output, length);
  }

  @Override
  public void tanh(float[] input, float[] output, int length) {
    VectorActivation.tanh(input, output, length);
  }
}
