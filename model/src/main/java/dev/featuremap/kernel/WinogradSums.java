package dev.featuremap.kernel;

import java.util.Arrays;

/**
 * The sums of a weight gradient at the points of the transforms, and their way back to weights, for
 * both twins: 16 feature maps at a time.
 */
public final class WinogradSums {
  /** Feature maps of a vector. */
  public static final int MAPS = WinogradFields.COUNT;

  /** Channels and feature maps whose chains a loop continues together. */
  public static final int TILE_CHANNELS = 6;

  public static final int TILE_MAPS = 4 * MAPS;

  private static final int SIDE = WinogradGeometry.FIELD;
  private static final int TAPS = SIDE * SIDE;

  private final WinogradGeometry g;
  private final WinogradFields transforms;
  private final int span;

  /** Floats of one channel at one point: the feature maps, filled up to whole register tiles. */
  private final int rowSize;

  /** Channels, filled up to whole register tiles. */
  private final int rows;

  /** {@code [points, rows, rowSize]}. */
  private final Scratch.Buffer values;

  private final int length;

  /** The transform after its first side, {@code [3, span, 16]}. */
  private final float[] halfway;

  /** Weights, {@code [3, 3, 16]}. */
  private final float[] fields = new float[TAPS * MAPS];

  public WinogradSums(WinogradGeometry geometry, WinogradFields transforms, Scratch scratch) {
    g = geometry;
    this.transforms = transforms;
    span = g.span();
    rowSize = (g.featureMaps() + TILE_MAPS - 1) / TILE_MAPS * TILE_MAPS;
    rows = (g.channels() + TILE_CHANNELS - 1) / TILE_CHANNELS * TILE_CHANNELS;
    length = g.points() * rows * rowSize;
    values = scratch.reserve(Scratch.Use.SUMS, length);
    halfway = new float[SIDE * span * MAPS];
  }

  /** The sums, set to zero: the first {@link #length} floats. */
  public float[] cleared() {
    float[] sums = values.floats();
    Arrays.fill(sums, 0, length, 0f);
    return sums;
  }

  public int length() {
    return length;
  }

  /** Where the feature maps of a channel at a point start. */
  public int at(int point, int channel) {
    return (point * rows + channel) * rowSize;
  }

  public int rows() {
    return rows;
  }

  public int rowSize() {
    return rowSize;
  }

  /** Transforms the sums back and adds them to {@code [featureMaps, channels, 3, 3]}. */
  public void addTo(float[] parameterGradient, int weightsAt) {
    float[] sums = values.floats();
    for (int c = 0; c < g.channels(); c++) {
      for (int f = 0; f < g.featureMaps(); f += MAPS) {
        transform(sums, at(0, c) + f);
        for (int n = 0; n < Math.min(MAPS, g.featureMaps() - f); n++) {
          int to = weightsAt + ((f + n) * g.channels() + c) * TAPS;
          for (int tap = 0; tap < TAPS; tap++) {
            parameterGradient[to + tap] += fields[tap * MAPS + n];
          }
        }
      }
    }
  }

  private void transform(float[] sums, int at) {
    int point = rows * rowSize;
    int row = span * MAPS;
    for (int j = 0; j < span; j++) {
      transforms.pointsToWeights(sums, at + j * point, span * point, halfway, j * MAPS, row);
    }
    for (int i = 0; i < SIDE; i++) {
      transforms.pointsToWeights(halfway, i * row, MAPS, fields, i * SIDE * MAPS, MAPS);
    }
  }
}
