package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.MaxPooling;
import dev.featuremap.kernel.PoolingGeometry;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link MaxPooling}. */
final class ScalarMaxPooling implements MaxPooling {
  private static final int LANES = Lanes.COUNT;

  private final PoolingGeometry g;
  private final float floor;

  ScalarMaxPooling(PoolingGeometry geometry, float floor) {
    this.g = geometry;
    this.floor = floor;
  }

  @Override
  public void maxima(float[] input, float[] output, float[] winners) {
    int to = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++, to += LANES) {
          int corner = corner(c, y, x);
          maxima(input, corner, output, to);
          for (int lane = 0; lane < LANES && winners != null; lane++) {
            float maximum = output[to + lane];
            winners[to + lane] =
                maximum == floor ? -1 : firstMaximum(input, corner + lane, maximum);
          }
        }
      }
    }
  }

  private void maxima(float[] input, int corner, float[] output, int to) {
    Arrays.fill(output, to, to + LANES, floor);
    for (int tap = 0; tap < g.window().size(); tap++) {
      int from = corner + g.tapOffset(tap) * LANES;
      for (int lane = 0; lane < LANES; lane++) {
        output[to + lane] = Math.max(output[to + lane], input[from + lane]);
      }
    }
  }

  @Override
  public void gradient(float[] winners, float[] outputGradient, float[] inputGradient) {
    Arrays.fill(inputGradient, 0, g.channels() * g.height() * g.width() * LANES, 0f);
    int at = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++) {
          int corner = corner(c, y, x);
          for (int lane = 0; lane < LANES; lane++, at++) {
            if (winners[at] >= 0) {
              int winner = corner + g.tapOffset((int) winners[at]) * LANES + lane;
              inputGradient[winner] += outputGradient[at];
            }
          }
        }
      }
    }
  }

  private int corner(int c, int y, int x) {
    return g.cornerOffset(c, y, x) * LANES;
  }

  private int firstMaximum(float[] input, int corner, float maximum) {
    for (int tap = 0; tap < g.window().size(); tap++) {
      if (input[corner + g.tapOffset(tap) * LANES] == maximum) {
        return tap;
      }
    }
    return -1;
  }
}
