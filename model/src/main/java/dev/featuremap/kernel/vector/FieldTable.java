package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.tensor.Lanes;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the rows or the single taps of the local receptive field lie in the input and among the
 * weights, for each output row: one flat loop over them is what C2 keeps in registers. Rows of the
 * field that lie in the border of zeros are left out.
 */
final class FieldTable {
  private final int[][] inputOffsets; // [output row][..], from the field's corner
  private final int[][] weightOffsets; // [output row][..], from the feature map's first weight

  private FieldTable(ConvolutionGeometry g, int step) {
    inputOffsets = new int[g.outputHeight()][];
    weightOffsets = new int[g.outputHeight()][];
    Map<Integer, int[][]> tables = new HashMap<>();
    for (int y = 0; y < g.outputHeight(); y++) {
      int first = g.firstFieldRow(y);
      int rows = Math.max(0, g.endFieldRow(y) - first);
      int[][] table =
          tables.computeIfAbsent(
              first * (g.fieldHeight() + 1) + rows, key -> table(g, first, rows, step));
      inputOffsets[y] = table[0];
      weightOffsets[y] = table[1];
    }
  }

  /** One entry a row of the field. */
  static FieldTable ofRows(ConvolutionGeometry g) {
    return new FieldTable(g, g.fieldWidth());
  }

  /** One entry a tap. */
  static FieldTable ofTaps(ConvolutionGeometry g) {
    return new FieldTable(g, 1);
  }

  private static int[][] table(ConvolutionGeometry g, int first, int rows, int step) {
    int columns = (g.fieldWidth() + step - 1) / step;
    int[][] table = new int[2][g.channels() * rows * columns];
    int k = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int i = first; i < first + rows; i++) {
        for (int j = 0; j < g.fieldWidth(); j += step, k++) {
          table[0][k] = (c * g.height() * g.width() + g.tapOffset(i, j)) * Lanes.COUNT;
          table[1][k] = (c * g.fieldHeight() + i) * g.fieldWidth() + j;
        }
      }
    }
    return table;
  }

  /** Offsets in the input for output row {@code y}, by channels. */
  int[] inputs(int y) {
    return inputOffsets[y];
  }

  /** Offsets among the weights for output row {@code y}, in the same order. */
  int[] weights(int y) {
    return weightOffsets[y];
  }
}
