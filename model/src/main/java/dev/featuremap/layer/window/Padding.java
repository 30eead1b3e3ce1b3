package dev.featuremap.layer.window;

import dev.featuremap.tensor.Shape;

/**
 * Rows and columns that are added around each feature map.
 *
 * @param top rows above
 * @param left columns to the left
 * @param bottom rows below
 * @param right columns to the right
 */
public record Padding(int top, int left, int bottom, int right) {
  /** Nothing on any side. */
  public static final Padding NONE = new Padding(0, 0, 0, 0);

  /** As many rows below as above, and as many columns to the right as to the left. */
  public static Padding of(int rows, int columns) {
    return new Padding(rows, columns, rows, columns);
  }

  /** True for as many rows below as above, and as many columns to the right as to the left. */
  public boolean isSymmetric() {
    return top == bottom && left == right;
  }

  /** The larger one of the rows above and below. */
  public int mostRows() {
    return Math.max(top, bottom);
  }

  /** The larger one of the columns to the left and to the right. */
  public int mostColumns() {
    return Math.max(left, right);
  }

  /** The smallest side. */
  public int least() {
    return Math.min(Math.min(top, bottom), Math.min(left, right));
  }

  /** The maps with this padding. */
  public Shape around(Shape maps) {
    return new Shape(maps.channels(), maps.height() + top + bottom, maps.width() + left + right);
  }

  /** As network files have it: {@code 1}, {@code [1, 2]} or {@code [0, 0, 1, 1]}. */
  @Override
  public String toString() {
    if (!isSymmetric()) {
      return "[" + top + ", " + left + ", " + bottom + ", " + right + "]";
    }
    return top == left ? Integer.toString(top) : "[" + top + ", " + left + "]";
  }
}
