package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link FullyConnectedProducts}. */
final class ScalarFullyConnected implements FullyConnectedProducts {
  private static final int LANES = Lanes.COUNT;

  private final int inputs;
  private final int outputs;

  ScalarFullyConnected(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

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
        Arrays.fill(output[block], o * LANES, (o + 1) * LANES, parameters[biasesAt + o]);
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
      to[toAt + lane] = Math.fma(factor, from[at + lane], to[toAt + lane]);
    }
  }

  @Override
  public void transpose(int size, float[] block, float[] rows, int image) {
    for (int k = 0; k < size; k++) {
      for (int lane = 0; lane < LANES; lane++) {
        rows[(image + lane) * size + k] = block[k * LANES + lane];
      }
    }
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
    for (int o = firstOutput; o < endOutput; o++) {
      int w = weightsAt + o * inputs;
      Arrays.fill(parameterGradient, w, w + inputs, 0f);
      for (int image = 0; image < images; image++) {
        float factor = gradientRows[image * outputs + o];
        int from = image * inputs;
        for (int i = 0; i < inputs; i++) {
          parameterGradient[w + i] =
              Math.fma(factor, inputRows[from + i], parameterGradient[w + i]);
        }
      }
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
    Arrays.fill(parameterGradient, biasesAt + firstOutput, biasesAt + endOutput, 0f);
    for (int image = 0; image < images; image++) {
      for (int o = firstOutput; o < endOutput; o++) {
        parameterGradient[biasesAt + o] += gradientRows[image * outputs + o];
      }
    }
  }
}
