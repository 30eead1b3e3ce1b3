package dev.featuremap.kernel;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.SCALE_A;
import static dev.featuremap.kernel.WinogradPoints.SCALE_B;
import static dev.featuremap.kernel.WinogradPoints.SCALE_ZERO;

import dev.featuremap.tensor.Lanes;

/**
 * {@link Winograd#transformWeights}, for both twins: 16 fields at a time, which lie together in the
 * result, in loops simple enough for the compiler to vectorize.
 */
final class WinogradWeights {
  private static final int FIELDS = Lanes.COUNT;
  private static final int PANEL = WinogradGeometry.PANEL;
  private static final int SIDE = WinogradGeometry.FIELD;
  private static final int TAPS = SIDE * SIDE;

  private final WinogradGeometry g;
  private final int span;

  /** Weights, {@code [3, 3, 16]}. */
  private final float[] fields = new float[TAPS * FIELDS];

  /** The transform after its first side, {@code [span, 3, 16]}. */
  private final float[] halfway;

  /** The transform, {@code [span, span, 16]}. */
  private final float[] points;

  WinogradWeights(WinogradGeometry geometry) {
    g = geometry;
    span = g.span();
    halfway = new float[span * SIDE * FIELDS];
    points = new float[span * span * FIELDS];
  }

  void transform(
      float[] parameters, int weightsAt, boolean turned, float[] transformed, int part, int parts) {
    int size = g.channels() * PANEL;
    int end = g.panels() * (part + 1) / parts;
    for (int panel = g.panels() * part / parts; panel < end; panel++) {
      for (int k = 0; k < size; k += FIELDS) {
        int count = Math.min(FIELDS, size - k);
        for (int n = 0; n < count; n++) {
          gather(
              parameters, weightsAt, turned, panel * PANEL + (k + n) % PANEL, (k + n) / PANEL, n);
        }
        transformFields();
        for (int point = 0; point < g.points(); point++) {
          int to = (point * g.panels() + panel) * size + k;
          System.arraycopy(points, point * FIELDS, transformed, to, count);
        }
      }
    }
  }

  /**
   * Copies the weights of a map and a channel to place {@code n}; a map past the last has zeros.
   */
  private void gather(float[] parameters, int weightsAt, boolean turned, int f, int c, int n) {
    if (f >= g.featureMaps()) {
      for (int tap = 0; tap < TAPS; tap++) {
        fields[tap * FIELDS + n] = 0f;
      }
    } else if (turned) {
      int last = weightsAt + (c * g.featureMaps() + f) * TAPS + TAPS - 1;
      for (int tap = 0; tap < TAPS; tap++) {
        fields[tap * FIELDS + n] = parameters[last - tap];
      }
    } else {
      int first = weightsAt + (f * g.channels() + c) * TAPS;
      for (int tap = 0; tap < TAPS; tap++) {
        fields[tap * FIELDS + n] = parameters[first + tap];
      }
    }
  }

  private void transformFields() {
    int row = SIDE * FIELDS;
    for (int j = 0; j < SIDE; j++) {
      weightsToPoints(fields, j * FIELDS, row, halfway, j * FIELDS, row);
    }
    for (int i = 0; i < span; i++) {
      weightsToPoints(halfway, i * row, FIELDS, points, i * span * FIELDS, FIELDS);
    }
  }

  private void weightsToPoints(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    if (span == 4) {
      weightsToFour(from, at, step, to, toAt, toStep);
    } else {
      weightsToSix(from, at, step, to, toAt, toStep);
    }
  }

  private static void weightsToFour(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < FIELDS; n++) {
      float g0 = from[at + n];
      float g2 = from[at + 2 * step + n];
      float even = (g0 + g2) * 0.5f;
      float odd = from[at + step + n] * 0.5f;
      to[toAt + n] = g0;
      to[toAt + s + n] = even + odd;
      to[toAt + 2 * s + n] = even - odd;
      to[toAt + 3 * s + n] = g2;
    }
  }

  private static void weightsToSix(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < FIELDS; n++) {
      float g0 = from[at + n];
      float g1 = from[at + step + n];
      float g2 = from[at + 2 * step + n];
      float evenA = (g0 + A2 * g2) * SCALE_A;
      float oddA = (A * g1) * SCALE_A;
      float evenB = (g0 + B2 * g2) * SCALE_B;
      float oddB = (B * g1) * SCALE_B;
      to[toAt + n] = g0 * SCALE_ZERO;
      to[toAt + s + n] = evenA + oddA;
      to[toAt + 2 * s + n] = evenA - oddA;
      to[toAt + 3 * s + n] = evenB + oddB;
      to[toAt + 4 * s + n] = evenB - oddB;
      to[toAt + 5 * s + n] = g2;
    }
  }
}
