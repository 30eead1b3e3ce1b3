package dev.featuremap.tensor;

import java.util.List;

/**
 * Rows and columns: of a window, or of its steps.
 *
 * @param rows along the height
 * @param columns along the width
 */
public record Extent(int rows, int columns) {
  /** One row and one column. */
  public static final Extent ONE = new Extent(1, 1);

  /** As many rows as columns. */
  public static Extent square(int side) {
    return new Extent(side, side);
  }

  /** Of a list {@code [rows, columns]}. */
  public static Extent of(List<Integer> pair) {
    return new Extent(pair.get(0), pair.get(1));
  }

  /** Pixels: {@code rows · columns}. */
  public int size() {
    return rows * columns;
  }

  /** True for as many rows as columns. */
  public boolean isSquare() {
    return rows == columns;
  }

  /** For people, as a size: {@code 3×5}. */
  public String by() {
    return rows + "×" + columns;
  }

  /** As network files have it: {@code 2}, or {@code [2, 1]}. */
  @Override
  public String toString() {
    return isSquare() ? Integer.toString(rows) : "[" + rows + ", " + columns + "]";
  }
}
