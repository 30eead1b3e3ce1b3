package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link MaxPooling}. */
final class ScalarMaxPooling implements MaxPooling {
  private static final int LANES = Lanes.COUNT;

  private final PoolingGeometry g;

  ScalarMaxPooling(PoolingGeometry geometry) {
    this.g = geometry;
  }

  @Override
  public void maxima(float[] input, float[] output) {
    int to = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++, to += LANES) {
          int corner = corner(c, y, x);
          System.arraycopy(input, corner, output, to, LANES);
          for (int tap = 1; tap < g.window() * g.window(); tap++) {
            int from = corner + tapOffset(g, tap);
            for (int lane = 0; lane < LANES; lane++) {
              output[to + lane] = Math.max(output[to + lane], input[from + lane]);
            }
          }
        }
      }
    }
  }

  @Override
  public void gradient(
      float[] input, float[] output, float[] outputGradient, float[] inputGradient) {
    Arrays.fill(inputGradient, 0, g.channels() * g.height() * g.width() * LANES, 0f);
    int at = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++, at += LANES) {
          int corner = corner(c, y, x);
          for (int lane = 0; lane < LANES; lane++) {
            int winner = firstMaximum(input, corner + lane, output[at + lane]);
            if (winner >= 0) {
              inputGradient[winner] += outputGradient[at + lane];
            }
          }
        }
      }
    }
  }

  private int corner(int c, int y, int x) {
    return ((c * g.height() + y * g.stride()) * g.width() + x * g.stride()) * LANES;
  }

  private int firstMaximum(float[] input, int corner, float maximum) {
    for (int tap = 0; tap < g.window() * g.window(); tap++) {
      int from = corner + tapOffset(g, tap);
      if (input[from] == maximum) {
        return from;
      }
    }
    return -1;
  }

  /** Distance of the window's {@code tap}-th element, by rows, from its corner. */
  static int tapOffset(PoolingGeometry g, int tap) {
    return (tap / g.window() * g.width() + tap % g.window()) * LANES;
  }
}
