package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MaxPooling} with the Vector API: windows of 2×2 that touch are written out, all others
 * take one loop over the taps of each window.
 */
final class VectorMaxPooling implements MaxPooling {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int LANES = Lanes.COUNT;

  private final PoolingGeometry g;
  private final int[] tapOffsets;
  private final boolean pairs;

  VectorMaxPooling(PoolingGeometry geometry) {
    this.g = geometry;
    tapOffsets = new int[g.window() * g.window()];
    for (int tap = 0; tap < tapOffsets.length; tap++) {
      tapOffsets[tap] = ScalarMaxPooling.tapOffset(g, tap);
    }
    pairs = g.window() == 2 && g.stride() == 2;
  }

  @Override
  public void maxima(float[] input, float[] output) {
    int to = 0;
    int row = g.outputWidth() * LANES;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++, to += row) {
        int corner = (c * g.height() + y * g.stride()) * g.width() * LANES;
        if (pairs) {
          rowOfPairs(input, corner, output, to);
        } else {
          rowOfWindows(input, corner, output, to);
        }
      }
    }
  }

  private void rowOfPairs(float[] input, int corner, float[] output, int to) {
    int below = corner + g.width() * LANES;
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int left = 2 * x * LANES + lane;
        FloatVector a = FloatVector.fromArray(SPECIES, input, corner + left);
        FloatVector b = FloatVector.fromArray(SPECIES, input, corner + left + LANES);
        FloatVector c = FloatVector.fromArray(SPECIES, input, below + left);
        FloatVector d = FloatVector.fromArray(SPECIES, input, below + left + LANES);
        a.max(b).max(c.max(d)).intoArray(output, to + x * LANES + lane);
      }
    }
  }

  private void rowOfWindows(float[] input, int corner, float[] output, int to) {
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        maximum(input, corner + x * g.stride() * LANES + lane, output, to + x * LANES + lane);
      }
    }
  }

  private void maximum(float[] input, int corner, float[] output, int to) {
    int[] offsets = tapOffsets;
    FloatVector maximum = FloatVector.fromArray(SPECIES, input, corner);
    for (int tap = 1; tap < offsets.length; tap++) {
      maximum = maximum.max(FloatVector.fromArray(SPECIES, input, corner + offsets[tap]));
    }
    FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL).add(maximum).intoArray(output, to);
  }

  @Override
  public void gradient(
      float[] input, float[] output, float[] outputGradient, float[] inputGradient) {
    boolean covered = pairs && g.height() % 2 == 0 && g.width() % 2 == 0;
    if (!covered) {
      Arrays.fill(inputGradient, 0, g.channels() * g.height() * g.width() * LANES, 0f);
    }
    int at = 0;
    int row = g.outputWidth() * LANES;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++, at += row) {
        int corner = (c * g.height() + y * g.stride()) * g.width() * LANES;
        if (pairs) {
          routeRowOfPairs(input, corner, output, outputGradient, at, inputGradient);
        } else {
          routeRowOfWindows(input, corner, output, outputGradient, at, inputGradient);
        }
      }
    }
  }

  /** Windows that touch add nothing up; adding zero makes -0 the +0 of a sum that starts at +0. */
  private void routeRowOfPairs(
      float[] input, int corner, float[] output, float[] go, int at, float[] gi) {
    int below = corner + g.width() * LANES;
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int left = corner + 2 * x * LANES + lane;
        int low = below + 2 * x * LANES + lane;
        FloatVector maximum = FloatVector.fromArray(SPECIES, output, at + x * LANES + lane);
        FloatVector waiting = FloatVector.fromArray(SPECIES, go, at + x * LANES + lane).add(zero);
        VectorMask<Float> a = FloatVector.fromArray(SPECIES, input, left).eq(maximum);
        zero.blend(waiting, a).intoArray(gi, left);
        waiting = waiting.blend(zero, a);
        VectorMask<Float> b = FloatVector.fromArray(SPECIES, input, left + LANES).eq(maximum);
        zero.blend(waiting, b).intoArray(gi, left + LANES);
        waiting = waiting.blend(zero, b);
        VectorMask<Float> c = FloatVector.fromArray(SPECIES, input, low).eq(maximum);
        zero.blend(waiting, c).intoArray(gi, low);
        waiting = waiting.blend(zero, c);
        VectorMask<Float> d = FloatVector.fromArray(SPECIES, input, low + LANES).eq(maximum);
        zero.blend(waiting, d).intoArray(gi, low + LANES);
      }
    }
  }

  private void routeRowOfWindows(
      float[] input, int corner, float[] output, float[] go, int at, float[] gi) {
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int from = corner + x * g.stride() * LANES + lane;
        route(input, from, output, go, at + x * LANES + lane, gi);
      }
    }
  }

  /**
   * Adds each lane's gradient where the maximum is met first, and zero elsewhere. A sum that starts
   * at +0 is never -0, so adding zero changes nothing.
   */
  private void route(float[] input, int corner, float[] output, float[] go, int at, float[] gi) {
    int[] offsets = tapOffsets;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector maximum = FloatVector.fromArray(SPECIES, output, at);
    FloatVector waiting = FloatVector.fromArray(SPECIES, go, at);
    for (int tap = 0; tap < offsets.length; tap++) {
      int from = corner + offsets[tap];
      VectorMask<Float> met = FloatVector.fromArray(SPECIES, input, from).eq(maximum);
      FloatVector.fromArray(SPECIES, gi, from).add(zero.blend(waiting, met)).intoArray(gi, from);
      waiting = waiting.blend(zero, met);
    }
  }
}
