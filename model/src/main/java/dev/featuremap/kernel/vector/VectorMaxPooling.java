package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.tensor.Extent;
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
  private final float floor;
  private final int[] tapOffsets;
  private final int step; // from a window's corner to the next one's
  private final boolean pairs;

  VectorMaxPooling(PoolingGeometry geometry, float floor) {
    this.g = geometry;
    this.floor = floor;
    tapOffsets = new int[g.window().size()];
    for (int tap = 0; tap < tapOffsets.length; tap++) {
      tapOffsets[tap] = g.tapOffset(tap) * LANES;
    }
    step = g.stride().columns() * LANES;
    Extent two = Extent.square(2);
    pairs = g.window().equals(two) && g.stride().equals(two) && g.dilation().equals(Extent.ONE);
  }

  @Override
  public void maxima(float[] input, float[] output, float[] winners) {
    int to = 0;
    int row = g.outputWidth() * LANES;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++, to += row) {
        rowOfMaxima(input, corner(c, y), output, winners, to);
      }
    }
  }

  private void rowOfMaxima(float[] input, int corner, float[] output, float[] winners, int to) {
    if (pairs && winners != null) {
      rowOfPairs(input, corner, output, winners, to);
    } else if (pairs) {
      rowOfPairs(input, corner, output, to);
    } else {
      rowOfWindows(input, corner, output, to);
      if (winners != null) {
        winnersOfWindows(input, corner, output, winners, to);
      }
    }
  }

  private int corner(int c, int y) {
    return g.cornerOffset(c, y, 0) * LANES;
  }

  private void rowOfPairs(float[] input, int corner, float[] output, int to) {
    int below = corner + g.width() * LANES;
    FloatVector least = FloatVector.broadcast(SPECIES, floor);
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int left = 2 * x * LANES + lane;
        FloatVector a = FloatVector.fromArray(SPECIES, input, corner + left);
        FloatVector b = FloatVector.fromArray(SPECIES, input, corner + left + LANES);
        FloatVector c = FloatVector.fromArray(SPECIES, input, below + left);
        FloatVector d = FloatVector.fromArray(SPECIES, input, below + left + LANES);
        a.max(b).max(c.max(d)).max(least).intoArray(output, to + x * LANES + lane);
      }
    }
  }

  private void rowOfPairs(float[] input, int corner, float[] output, float[] winners, int to) {
    int below = corner + g.width() * LANES;
    FloatVector least = FloatVector.broadcast(SPECIES, floor);
    FloatVector none = FloatVector.broadcast(SPECIES, -1f);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector two = FloatVector.broadcast(SPECIES, 2f);
    FloatVector three = FloatVector.broadcast(SPECIES, 3f);
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int left = 2 * x * LANES + lane;
        FloatVector a = FloatVector.fromArray(SPECIES, input, corner + left);
        FloatVector b = FloatVector.fromArray(SPECIES, input, corner + left + LANES);
        FloatVector c = FloatVector.fromArray(SPECIES, input, below + left);
        FloatVector d = FloatVector.fromArray(SPECIES, input, below + left + LANES);
        FloatVector maximum = a.max(b).max(c.max(d)).max(least);
        maximum.intoArray(output, to + x * LANES + lane);
        none.blend(three, d.eq(maximum))
            .blend(two, c.eq(maximum))
            .blend(one, b.eq(maximum))
            .blend(zero, a.eq(maximum))
            .blend(none, maximum.eq(least))
            .intoArray(winners, to + x * LANES + lane);
      }
    }
  }

  private void rowOfWindows(float[] input, int corner, float[] output, int to) {
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        maximum(input, corner + x * step + lane, output, to + x * LANES + lane);
      }
    }
  }

  private void maximum(float[] input, int corner, float[] output, int to) {
    int[] offsets = tapOffsets;
    FloatVector maximum = FloatVector.broadcast(SPECIES, floor);
    for (int tap = 0; tap < offsets.length; tap++) {
      maximum = maximum.max(FloatVector.fromArray(SPECIES, input, corner + offsets[tap]));
    }
    FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL).add(maximum).intoArray(output, to);
  }

  private void winnersOfWindows(
      float[] input, int corner, float[] output, float[] winners, int to) {
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int from = corner + x * step + lane;
        winner(input, from, output, winners, to + x * LANES + lane);
      }
    }
  }

  private void winner(float[] input, int corner, float[] output, float[] winners, int at) {
    int[] offsets = tapOffsets;
    FloatVector maximum = FloatVector.fromArray(SPECIES, output, at);
    FloatVector winner = FloatVector.broadcast(SPECIES, -1f);
    for (int tap = offsets.length - 1; tap >= 0; tap--) {
      VectorMask<Float> met =
          FloatVector.fromArray(SPECIES, input, corner + offsets[tap]).eq(maximum);
      winner = winner.blend(FloatVector.broadcast(SPECIES, tap), met);
    }
    FloatVector none = FloatVector.broadcast(SPECIES, -1f);
    winner.blend(none, maximum.eq(floor)).intoArray(winners, at);
  }

  @Override
  public void gradient(float[] winners, float[] outputGradient, float[] inputGradient) {
    boolean covered = pairs && g.height() % 2 == 0 && g.width() % 2 == 0;
    if (!covered) {
      Arrays.fill(inputGradient, 0, g.channels() * g.height() * g.width() * LANES, 0f);
    }
    int at = 0;
    int row = g.outputWidth() * LANES;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++, at += row) {
        int corner = corner(c, y);
        if (pairs) {
          routeRowOfPairs(winners, outputGradient, at, inputGradient, corner);
        } else {
          routeRowOfWindows(winners, outputGradient, at, inputGradient, corner);
        }
      }
    }
  }

  /** Windows that touch add nothing up; adding zero makes -0 the +0 of a sum that starts at +0. */
  private void routeRowOfPairs(float[] winners, float[] go, int at, float[] gi, int corner) {
    int below = corner + g.width() * LANES;
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int left = 2 * x * LANES + lane;
        FloatVector winner = FloatVector.fromArray(SPECIES, winners, at + x * LANES + lane);
        FloatVector gradient = FloatVector.fromArray(SPECIES, go, at + x * LANES + lane).add(zero);
        zero.blend(gradient, winner.eq(0f)).intoArray(gi, corner + left);
        zero.blend(gradient, winner.eq(1f)).intoArray(gi, corner + left + LANES);
        zero.blend(gradient, winner.eq(2f)).intoArray(gi, below + left);
        zero.blend(gradient, winner.eq(3f)).intoArray(gi, below + left + LANES);
      }
    }
  }

  private void routeRowOfWindows(float[] winners, float[] go, int at, float[] gi, int corner) {
    for (int x = 0; x < g.outputWidth(); x++) {
      for (int lane = 0; lane < LANES; lane += SPECIES.length()) {
        int from = corner + x * step + lane;
        route(winners, go, at + x * LANES + lane, gi, from);
      }
    }
  }

  /**
   * Adds each lane's gradient to its winner, and zero elsewhere. A sum that starts at +0 is never
   * -0, so adding zero changes nothing.
   */
  private void route(float[] winners, float[] go, int at, float[] gi, int corner) {
    int[] offsets = tapOffsets;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector winner = FloatVector.fromArray(SPECIES, winners, at);
    FloatVector gradient = FloatVector.fromArray(SPECIES, go, at);
    for (int tap = 0; tap < offsets.length; tap++) {
      int from = corner + offsets[tap];
      FloatVector sum = FloatVector.fromArray(SPECIES, gi, from);
      sum.add(zero.blend(gradient, winner.eq((float) tap))).intoArray(gi, from);
    }
  }
}
