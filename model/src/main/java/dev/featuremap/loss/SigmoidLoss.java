package dev.featuremap.loss;

import dev.featuremap.kernel.FloatMath;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;

/** What losses of one sigmoid a class have in common. */
record SigmoidLoss(int classes, Kernels kernels) {
  /** Each factor is at most 2, so a product that is cut here stays far below the overflow. */
  private static final double LARGE_PRODUCT = 0x1p500;

  void probabilities(float[] outputs, float[] probabilities) {
    kernels.sigmoid(outputs, probabilities, classes * Lanes.COUNT);
  }

  /**
   * {@code Σ max(z, 0) + ln(1 + exp(-|z|))} of a lane; the logarithms become one of a product,
   * since a strict logarithm for every class costs more than the forward pass of a small network.
   */
  double withoutTarget(float[] outputs, int lane) {
    double sum = 0;
    double product = 1;
    for (int at = lane; at < classes * Lanes.COUNT; at += Lanes.COUNT) {
      float z = outputs[at];
      sum += Math.max(z, 0);
      product *= 1.0 + FloatMath.exp(-Math.abs(z));
      if (product > LARGE_PRODUCT) {
        sum += StrictMath.log(product);
        product = 1;
      }
    }
    return sum + StrictMath.log(product);
  }
}
