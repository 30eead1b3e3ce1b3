package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.FullyConnectedProducts;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link FullyConnectedProducts}. */
record ScalarFullyConnected(int inputs, int outputs) implements FullyConnectedProducts {
  private static final int LANES = Lanes.COUNT;

  @Override
  public void forward(
      int blocks,
      float[][] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[][] output) {
    for (int block = 0; block < blocks; block++) {
      int w = weightsAt;
      for (int o = 0; o < outputs; o++) {
        float bias = biasesAt < 0 ? 0f : parameters[biasesAt + o];
        Arrays.fill(output[block], o * LANES, (o + 1) * LANES, bias);
        for (int i = 0; i < inputs; i++, w++) {
          addScaled(parameters[w], input[block], i * LANES, output[block], o * LANES);
        }
      }
    }
  }

  @Override
  public void inputGradient(
      int blocks,
      float[][] outputGradient,
      float[] parameters,
      int weightsAt,
      float[][] inputGradient) {
    for (int block = 0; block < blocks; block++) {
      Arrays.fill(inputGradient[block], 0, inputs * LANES, 0f);
      int w = weightsAt;
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++, w++) {
          addScaled(
              parameters[w], outputGradient[block], o * LANES, inputGradient[block], i * LANES);
        }
      }
    }
  }

  private static void addScaled(float factor, float[] from, int at, float[] to, int toAt) {
    for (int lane = 0; lane < LANES; lane++) {
      to[toAt + lane] = Fma.of(factor, from[at + lane], to[toAt + lane]);
    }
  }
}
