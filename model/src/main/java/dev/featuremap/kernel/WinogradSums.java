package dev.featuremap.kernel;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.SCALE_A;
import static dev.featuremap.kernel.WinogradPoints.SCALE_B;
import static dev.featuremap.kernel.WinogradPoints.SCALE_ZERO;

import java.util.Arrays;

/**
 * The sums of a weight gradient at the points of the transforms, and their way back to weights, for
 * both twins: 16 feature maps at a time, in loops simple enough for the compiler to vectorize.
 */
final class WinogradSums {
  /** Feature maps of a vector. */
  static final int MAPS = 16;

  private static final int SIDE = WinogradGeometry.FIELD;
  private static final int TAPS = SIDE * SIDE;

  private final WinogradGeometry g;
  private final int span;

  /** Floats of one channel at one point: the feature maps, filled up to whole vectors. */
  private final int rowSize;

  /** {@code [points, channels, rowSize]}. */
  private final float[] values;

  /** The transform after its first side, {@code [3, span, 16]}. */
  private final float[] halfway;

  /** Weights, {@code [3, 3, 16]}. */
  private final float[] fields = new float[TAPS * MAPS];

  WinogradSums(WinogradGeometry geometry) {
    g = geometry;
    span = g.span();
    rowSize = (g.featureMaps() + MAPS - 1) / MAPS * MAPS;
    values = new float[g.points() * g.channels() * rowSize];
    halfway = new float[SIDE * span * MAPS];
  }

  float[] values() {
    return values;
  }

  /** Where the feature maps of a channel at a point start. */
  int at(int point, int channel) {
    return (point * g.channels() + channel) * rowSize;
  }

  int rowSize() {
    return rowSize;
  }

  void clear() {
    Arrays.fill(values, 0f);
  }

  /** Transforms the sums back and adds them to {@code [featureMaps, channels, 3, 3]}. */
  void addTo(float[] parameterGradient, int weightsAt) {
    for (int f = 0; f < g.featureMaps(); f += MAPS) {
      for (int c = 0; c < g.channels(); c++) {
        transform(at(0, c) + f);
        for (int n = 0; n < Math.min(MAPS, g.featureMaps() - f); n++) {
          int to = weightsAt + ((f + n) * g.channels() + c) * TAPS;
          for (int tap = 0; tap < TAPS; tap++) {
            parameterGradient[to + tap] += fields[tap * MAPS + n];
          }
        }
      }
    }
  }

  private void transform(int at) {
    int point = g.channels() * rowSize;
    int row = span * MAPS;
    for (int j = 0; j < span; j++) {
      pointsToWeights(values, at + j * point, span * point, halfway, j * MAPS, row);
    }
    for (int i = 0; i < SIDE; i++) {
      pointsToWeights(halfway, i * row, MAPS, fields, i * SIDE * MAPS, MAPS);
    }
  }

  private void pointsToWeights(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    if (span == 4) {
      fourToWeights(from, at, step, to, toAt, toStep);
    } else {
      sixToWeights(from, at, step, to, toAt, toStep);
    }
  }

  private static void fourToWeights(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < MAPS; n++) {
      float s1 = from[at + step + n];
      float s2 = from[at + 2 * step + n];
      float half = (s1 + s2) * 0.5f;
      to[toAt + n] = from[at + n] + half;
      to[toAt + s + n] = (s1 - s2) * 0.5f;
      to[toAt + 2 * s + n] = half + from[at + 3 * step + n];
    }
  }

  private static void sixToWeights(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < MAPS; n++) {
      float s1 = from[at + step + n];
      float s2 = from[at + 2 * step + n];
      float s3 = from[at + 3 * step + n];
      float s4 = from[at + 4 * step + n];
      float evenA = (s1 + s2) * SCALE_A;
      float oddA = (s1 - s2) * SCALE_A;
      float evenB = (s3 + s4) * SCALE_B;
      float oddB = (s3 - s4) * SCALE_B;
      to[toAt + n] = (from[at + n] * SCALE_ZERO + evenA) + evenB;
      to[toAt + s + n] = A * oddA + B * oddB;
      to[toAt + 2 * s + n] = (A2 * evenA + B2 * evenB) + from[at + 5 * step + n];
    }
  }
}
