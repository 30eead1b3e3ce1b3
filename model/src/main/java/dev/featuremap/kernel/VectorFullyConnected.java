package dev.featuremap.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FullyConnectedProducts} with the Vector API. */
final class VectorFullyConnected implements FullyConnectedProducts {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;

  /** Inputs whose weights are gathered together: whole tiles of both kinds, and one cache line. */
  private static final int PANEL = 20;

  private final int inputs;
  private final int outputs;
  private final VectorMatrixProduct product = new VectorMatrixProduct();
  private final VectorFullyConnectedGradient gradient;
  private final ScalarFullyConnected scalar;
  private final float[] panel; // [outputs, 20]

  VectorFullyConnected(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    gradient = new VectorFullyConnectedGradient(inputs, outputs);
    scalar = new ScalarFullyConnected(inputs, outputs);
    panel = new float[outputs * PANEL];
  }

  @Override
  public void forward(
      int blocks,
      float[][] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[][] output) {
    product
        .of(parameters, weightsAt, inputs, 1, outputs, inputs)
        .times(blocks, input, biasesAt, output, 0);
  }

  /** Column by column the weights lie far apart, so they are copied to a panel first. */
  @Override
  public void inputGradient(
      int blocks,
      float[][] outputGradient,
      float[] parameters,
      int weightsAt,
      float[][] inputGradient) {
    for (int i = 0; i < inputs; i += PANEL) {
      int rows = Math.min(PANEL, inputs - i);
      for (int o = 0; o < outputs; o++) {
        System.arraycopy(parameters, weightsAt + o * inputs + i, panel, o * PANEL, rows);
      }
      product
          .of(panel, 0, 1, PANEL, rows, outputs)
          .times(blocks, outputGradient, -1, inputGradient, i);
    }
  }

  @Override
  public void transpose(int size, float[] block, float[] rows, int image) {
    scalar.transpose(size, block, rows, image);
  }

  @Override
  public void weightGradient(
      int images,
      float[] inputRows,
      float[] gradientRows,
      float[] parameterGradient,
      int weightsAt,
      int firstOutput,
      int endOutput) {
    if (inputs < SPECIES.length()) {
      scalar.weightGradient(
          images, inputRows, gradientRows, parameterGradient, weightsAt, firstOutput, endOutput);
    } else {
      gradient.weights(
          images, inputRows, gradientRows, parameterGradient, weightsAt, firstOutput, endOutput);
    }
  }

  @Override
  public void biasGradient(
      int images,
      float[] gradientRows,
      float[] parameterGradient,
      int biasesAt,
      int firstOutput,
      int endOutput) {
    int o = firstOutput;
    for (; o + SPECIES.length() <= endOutput; o += SPECIES.length()) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int image = 0; image < images; image++) {
        sum = sum.add(FloatVector.fromArray(SPECIES, gradientRows, image * outputs + o));
      }
      sum.intoArray(parameterGradient, biasesAt + o);
    }
    scalar.biasGradient(images, gradientRows, parameterGradient, biasesAt, o, endOutput);
  }
}
