package dev.featuremap.kernel.scalar;

import static dev.featuremap.kernel.WinogradPoints.A;
import static dev.featuremap.kernel.WinogradPoints.A2;
import static dev.featuremap.kernel.WinogradPoints.B;
import static dev.featuremap.kernel.WinogradPoints.B2;
import static dev.featuremap.kernel.WinogradPoints.SCALE_A;
import static dev.featuremap.kernel.WinogradPoints.SCALE_B;
import static dev.featuremap.kernel.WinogradPoints.SCALE_ZERO;

import dev.featuremap.kernel.WinogradFields;

/** The reference implementation. */
record ScalarWinogradFields(int span) implements WinogradFields {
  @Override
  public void weightsToPoints(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    if (span == 4) {
      weightsToFour(from, at, step, to, toAt, toStep);
    } else {
      weightsToSix(from, at, step, to, toAt, toStep);
    }
  }

  @Override
  public void pointsToWeights(float[] from, int at, int step, float[] to, int toAt, int toStep) {
    if (span == 4) {
      fourToWeights(from, at, step, to, toAt, toStep);
    } else {
      sixToWeights(from, at, step, to, toAt, toStep);
    }
  }

  private static void weightsToFour(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < COUNT; n++) {
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
    for (int n = 0; n < COUNT; n++) {
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

  private static void fourToWeights(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < COUNT; n++) {
      float s1 = from[at + step + n];
      float s2 = from[at + 2 * step + n];
      float half = (s1 + s2) * 0.5f;
      to[toAt + n] = from[at + n] + half;
      to[toAt + s + n] = (s1 - s2) * 0.5f;
      to[toAt + 2 * s + n] = half + from[at + 3 * step + n];
    }
  }

  private static void sixToWeights(float[] from, int at, int step, float[] to, int toAt, int s) {
    for (int n = 0; n < COUNT; n++) {
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
