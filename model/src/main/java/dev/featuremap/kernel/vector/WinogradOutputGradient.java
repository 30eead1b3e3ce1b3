package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.kernel.WinogradSums;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * The transform of the output gradient for {@link VectorWinogradWeightGradient}, which first
 * exchanges images and 16 feature maps, so that a vector holds feature maps.
 */
final class WinogradOutputGradient {
  private static final int LANES = Lanes.COUNT;
  private static final int MAPS = WinogradSums.MAPS;

  /** Floats of one pixel, or one point of a tile: images × feature maps. */
  private static final int PIXEL = LANES * MAPS;

  private final WinogradGeometry g;
  private final int size;
  private final int outputHeight;
  private final int outputWidth;

  /** Floats of a row of pixels. */
  private final int rowSize;

  /** A tile of 16 feature maps, {@code [tile][tile, images, maps]}, rows rowSize apart. */
  private final float[] pixels;

  /** The first side's result, {@code [span][tile, images, maps]}, rows rowSize apart. */
  private final float[] halfway;

  WinogradOutputGradient(WinogradGeometry geometry) {
    g = geometry;
    size = g.tile();
    outputHeight = g.outputHeight();
    outputWidth = g.outputWidth();
    // One vector more than needed: rows 4 KB apart would share a few cache sets.
    rowSize = size * PIXEL + LANES;
    pixels = new float[size * rowSize];
    halfway = new float[g.span() * rowSize];
  }

  /**
   * Transforms 16 feature maps from {@code f} of one tile to {@code [points][images, maps]}, points
   * {@code pointStep} apart.
   */
  void transform(float[] outputGradient, int tile, int f, float[] to, int toAt, int pointStep) {
    int y = tile / g.tileColumns() * size;
    int x = tile % g.tileColumns() * size;
    readPixels(outputGradient, y, x, f);
    int row = size * PIXEL;
    if (size == 2) {
      WinogradSpread.toFour(pixels, 0, rowSize, halfway, 0, rowSize, row);
      for (int i = 0; i < 4; i++) {
        int t = toAt + i * 4 * pointStep;
        WinogradSpread.toFour(halfway, i * rowSize, PIXEL, to, t, pointStep, PIXEL);
      }
    } else {
      WinogradSpread.toSix(pixels, 0, rowSize, halfway, 0, rowSize, row);
      for (int i = 0; i < 6; i++) {
        int t = toAt + i * 6 * pointStep;
        WinogradSpread.toSix(halfway, i * rowSize, PIXEL, to, t, pointStep, PIXEL);
      }
    }
  }

  private void readPixels(float[] outputGradient, int y, int x, int f) {
    int rows = Math.min(size, outputHeight - y);
    int columns = Math.min(size, outputWidth - x);
    int maps = Math.min(MAPS, g.featureMaps() - f);
    if (rows < size || columns < size || maps < MAPS) {
      Arrays.fill(pixels, 0f);
    }
    int mapSize = outputHeight * outputWidth * LANES;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int from = f * mapSize + ((y + i) * outputWidth + x + j) * LANES;
        exchange(outputGradient, from, mapSize, maps, i * rowSize + j * PIXEL);
      }
    }
  }

  /** From {@code [maps][images]}, {@code mapSize} apart, to {@code [images, maps]}. */
  private void exchange(float[] from, int at, int mapSize, int maps, int to) {
    float[] target = pixels;
    for (int n = 0; n < maps; n++) {
      for (int lane = 0; lane < LANES; lane++) {
        target[to + lane * MAPS + n] = from[at + n * mapSize + lane];
      }
    }
  }
}
