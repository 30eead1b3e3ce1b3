package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.WinogradGeometry;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/**
 * The input transform of {@link VectorWinograd}: tiles of a group that are neighbours in one row
 * share the first side of the transform where they overlap.
 */
final class VectorWinogradInput {
  private static final int LANES = Lanes.COUNT;
  private static final int GROUP = VectorWinograd.GROUP;
  private static final int GROUP_SIZE = VectorWinograd.GROUP_SIZE;

  private final WinogradGeometry g;
  private final WinogradTile transforms;
  private final int size;
  private final int span;

  /** Floats of a row of neighbouring tiles. */
  private final int rowSize;

  /** The first side's result, {@code [span, columns, 16]}. */
  private final float[] halfway;

  /** A row outside the input. */
  private final float[] zeros;

  /** Where the rows of a row of tiles lie, in the channel under work. */
  private final float[][] rows;

  private final int[] rowsAt;

  VectorWinogradInput(WinogradGeometry geometry) {
    g = geometry;
    size = g.tile();
    span = g.span();
    transforms = WinogradTile.of(size);
    rowSize = (GROUP * size + span - size) * LANES;
    halfway = new float[span * rowSize];
    zeros = new float[rowSize];
    rows = new float[span][];
    rowsAt = new int[span];
  }

  /** Transforms all channels of {@code count} tiles, counted through rows and blocks. */
  void transform(float[][] input, int first, int count, float[] factors, int factorStep) {
    int done = 0;
    while (done < count) {
      int tile = first + done;
      int neighbours = Math.min(count - done, g.tileColumns() - tile % g.tileColumns());
      transformNeighbours(
          input[tile / g.tiles()], tile % g.tiles(), neighbours, factors, done * LANES, factorStep);
      done += neighbours;
    }
  }

  private void transformNeighbours(
      float[] input, int tile, int count, float[] factors, int at, int factorStep) {
    int top = tile / g.tileColumns() * size - g.rowPadding();
    int left = tile % g.tileColumns() * size - g.columnPadding();
    int right = left + count * size + span - size;
    int from = Math.max(left, 0);
    int to = Math.min(right, g.width());
    for (int i = 0; i < span; i++) {
      int row = i * rowSize;
      Arrays.fill(halfway, row, row + (from - left) * LANES, 0f);
      Arrays.fill(halfway, row + (to - left) * LANES, row + (right - left) * LANES, 0f);
    }
    for (int c = 0; c < g.channels(); c++) {
      locateRows(input, c, top, from);
      transforms.inputColumns(
          rows, rowsAt, (to - from) * LANES, halfway, (from - left) * LANES, rowSize);
      for (int lane = 0; lane < LANES; lane += VectorKernels.SPECIES.length()) {
        for (int t = 0; t < count; t++) {
          transforms.inputRows(
              halfway,
              t * size * LANES + lane,
              rowSize,
              factors,
              at + c * GROUP_SIZE + t * LANES + lane,
              factorStep);
        }
      }
    }
  }

  private void locateRows(float[] input, int c, int top, int from) {
    for (int i = 0; i < span; i++) {
      int y = top + i;
      boolean inside = y >= 0 && y < g.height();
      rows[i] = inside ? input : zeros;
      rowsAt[i] = inside ? ((c * g.height() + y) * g.width() + from) * LANES : 0;
    }
  }
}
