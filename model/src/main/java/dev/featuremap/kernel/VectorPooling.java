package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The max-pooling kernels with the Vector API: one loop over the taps of each window. */
final class VectorPooling {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;

  private final PoolingGeometry g;
  private final float[] input;
  private final int[] tapOffsets;

  VectorPooling(PoolingGeometry geometry, float[] input) {
    this.g = geometry;
    this.input = input;
    tapOffsets = new int[g.window() * g.window()];
    for (int tap = 0; tap < tapOffsets.length; tap++) {
      tapOffsets[tap] = ScalarKernels.tapOffset(g, tap);
    }
  }

  void maxima(float[] output) {
    int to = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++) {
          int corner = ((c * g.height() + y * g.stride()) * g.width() + x * g.stride()) * LANES;
          for (int end = to + LANES; to < end; to += SPECIES.length()) {
            maximum(corner, output, to);
            corner += SPECIES.length();
          }
        }
      }
    }
  }

  private void maximum(int corner, float[] output, int to) {
    int[] offsets = tapOffsets;
    FloatVector maximum = FloatVector.fromArray(SPECIES, input, corner);
    for (int tap = 1; tap < offsets.length; tap++) {
      maximum = maximum.max(FloatVector.fromArray(SPECIES, input, corner + offsets[tap]));
    }
    maximum.intoArray(output, to);
  }

  void gradient(float[] output, float[] outputGradient, float[] inputGradient) {
    Arrays.fill(inputGradient, 0, g.channels() * g.height() * g.width() * LANES, 0f);
    int at = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++) {
          int corner = ((c * g.height() + y * g.stride()) * g.width() + x * g.stride()) * LANES;
          for (int end = at + LANES; at < end; at += SPECIES.length()) {
            route(corner, output, outputGradient, at, inputGradient);
            corner += SPECIES.length();
          }
        }
      }
    }
  }

  /**
   * Adds each lane's gradient where the maximum is met first, and zero elsewhere. A sum that starts
   * at +0 is never -0, so adding zero changes nothing.
   */
  private void route(
      int corner, float[] output, float[] outputGradient, int at, float[] inputGradient) {
    int[] offsets = tapOffsets;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector maximum = FloatVector.fromArray(SPECIES, output, at);
    FloatVector waiting = FloatVector.fromArray(SPECIES, outputGradient, at);
    for (int tap = 0; tap < offsets.length; tap++) {
      int from = corner + offsets[tap];
      VectorMask<Float> met = FloatVector.fromArray(SPECIES, input, from).eq(maximum);
      FloatVector.fromArray(SPECIES, inputGradient, from)
          .add(zero.blend(waiting, met))
          .intoArray(inputGradient, from);
      waiting = waiting.blend(zero, met);
    }
  }
}
