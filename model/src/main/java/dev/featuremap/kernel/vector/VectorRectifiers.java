package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The neurons of straight lines of {@link Kernels} with the Vector API, but the plainest. */
final class VectorRectifiers {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int WIDTH = SPECIES.length();

  private VectorRectifiers() {}

  static void clip(float low, float high, float[] input, float[] output, int length) {
    FloatVector least = FloatVector.broadcast(SPECIES, low);
    FloatVector most = FloatVector.broadcast(SPECIES, high);
    int k = 0;
    for (; k < SPECIES.loopBound(length); k += WIDTH) {
      FloatVector.fromArray(SPECIES, input, k).max(least).min(most).intoArray(output, k);
    }
    for (; k < length; k++) {
      output[k] = Math.min(Math.max(input[k], low), high);
    }
  }

  static void clipGradient(
      float low,
      float high,
      float[] output,
      float[] outputGradient,
      float[] inputGradient,
      int length) {
    FloatVector least = FloatVector.broadcast(SPECIES, low);
    FloatVector most = FloatVector.broadcast(SPECIES, high);
    FloatVector zero = FloatVector.zero(SPECIES);
    int k = 0;
    for (; k < SPECIES.loopBound(length); k += WIDTH) {
      FloatVector y = FloatVector.fromArray(SPECIES, output, k);
      VectorMask<Float> within = least.lt(y).and(y.lt(most));
      FloatVector gradient = FloatVector.fromArray(SPECIES, outputGradient, k);
      zero.blend(gradient, within).intoArray(inputGradient, k);
    }
    for (; k < length; k++) {
      inputGradient[k] = low < output[k] && output[k] < high ? outputGradient[k] : 0f;
    }
  }

  static void leakyGradient(
      float slope, float[] input, float[] outputGradient, float[] inputGradient, int from, int to) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector factor = FloatVector.broadcast(SPECIES, slope);
    int k = from;
    int end = from + SPECIES.loopBound(to - from);
    for (; k < end; k += WIDTH) {
      FloatVector gradient = FloatVector.fromArray(SPECIES, outputGradient, k);
      VectorMask<Float> positive = zero.lt(FloatVector.fromArray(SPECIES, input, k));
      factor.mul(gradient).blend(gradient, positive).intoArray(inputGradient, k);
    }
    for (; k < to; k++) {
      inputGradient[k] = input[k] > 0f ? outputGradient[k] : slope * outputGradient[k];
    }
  }

  static void slopeGradient(
      float[] input, float[] outputGradient, int from, int to, float[] laneSums) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    for (int lane = 0; lane < Lanes.COUNT; lane += WIDTH) {
      FloatVector sum = zero;
      for (int k = from + lane; k < to; k += Lanes.COUNT) {
        FloatVector negative = FloatVector.fromArray(SPECIES, input, k).min(zero);
        sum = negative.fma(FloatVector.fromArray(SPECIES, outputGradient, k), sum);
      }
      neutral.add(sum).intoArray(laneSums, lane);
    }
  }
}
