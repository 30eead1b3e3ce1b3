package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.FullyConnectedProducts;

/** {@link FullyConnectedProducts} with the Vector API. */
final class VectorFullyConnectedProducts implements FullyConnectedProducts {
  private final VectorFullyConnected layer;
  private final PanelProduct transposed;

  VectorFullyConnectedProducts(int inputs, int outputs) {
    layer = new VectorFullyConnected(inputs, outputs);
    transposed = new PanelProduct(inputs, outputs);
  }

  @Override
  public void forward(
      int blocks,
      float[][] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[][] output) {
    layer.forward(blocks, input, parameters, weightsAt, biasesAt, output);
  }

  @Override
  public void inputGradient(
      int blocks,
      float[][] outputGradient,
      float[] parameters,
      int weightsAt,
      float[][] inputGradient) {
    transposed.inputGradient(blocks, outputGradient, parameters, weightsAt, inputGradient);
  }
}
