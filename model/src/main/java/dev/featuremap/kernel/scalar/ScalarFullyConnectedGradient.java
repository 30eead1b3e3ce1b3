package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.Parts;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link FullyConnectedGradient}: images as rows. */
public final class ScalarFullyConnectedGradient implements FullyConnectedGradient {
  private final int inputs;
  private final int outputs;
  private final float[] inputRows; // [images, inputs]
  private final float[] gradientRows; // [images, outputs]

  public ScalarFullyConnectedGradient(int inputs, int outputs, int blocks) {
    this.inputs = inputs;
    this.outputs = outputs;
    inputRows = new float[Math.multiplyExact(blocks * Lanes.COUNT, inputs)];
    gradientRows = new float[Math.multiplyExact(blocks * Lanes.COUNT, outputs)];
  }

  @Override
  public void keep(int block, float[] input, float[] outputGradient) {
    transpose(inputs, input, inputRows, block * Lanes.COUNT * inputs);
    transpose(outputs, outputGradient, gradientRows, block * Lanes.COUNT * outputs);
  }

  private static void transpose(int size, float[] block, float[] rows, int at) {
    for (int k = 0; k < size; k++) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        rows[at + lane * size + k] = block[k * Lanes.COUNT + lane];
      }
    }
  }

  @Override
  public void writeInto(
      int blocks, float[] parameterGradient, int weightsAt, int biasesAt, int part, int parts) {
    int end = Parts.start(outputs, part + 1, parts);
    for (int o = Parts.start(outputs, part, parts); o < end; o++) {
      int w = weightsAt + o * inputs;
      Arrays.fill(parameterGradient, w, w + inputs, 0f);
      float bias = 0f;
      for (int image = 0; image < blocks * Lanes.COUNT; image++) {
        float gradient = gradientRows[image * outputs + o];
        bias += gradient;
        addScaled(gradient, image * inputs, parameterGradient, w);
      }
      if (biasesAt >= 0) {
        parameterGradient[biasesAt + o] = bias;
      }
    }
  }

  private void addScaled(float gradient, int from, float[] parameterGradient, int to) {
    for (int i = 0; i < inputs; i++) {
      parameterGradient[to + i] = Fma.of(gradient, inputRows[from + i], parameterGradient[to + i]);
    }
  }
}
