package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.Winograd;

/**
 * The one-dimensional transforms of one tile size with the Vector API, element-wise over lanes, in
 * the sequences {@link Winograd} states. A method that takes no size works on one vector.
 */
interface WinogradTile {
  /** The tile's size, 2 or 4. */
  static WinogradTile of(int tile) {
    return tile == 2 ? new WinogradTwo() : new WinogradFour();
  }

  /**
   * First side of the input transform, along rows: row {@code i} of {@code size} floats lies in
   * {@code rows[i]} at {@code at[i]}, result {@code i} goes to {@code toAt + i · toStep}.
   */
  void inputColumns(float[][] rows, int[] at, int size, float[] to, int toAt, int toStep);

  /**
   * Second side: {@code span} rows, {@code step} apart, of {@code span} neighbours each; point
   * {@code k} goes to {@code toAt + k · pointStep}.
   */
  void inputRows(float[] from, int at, int step, float[] to, int toAt, int pointStep);

  /**
   * First side of the output transform: point {@code k} of {@code size} floats lies at {@code at +
   * k · pointStep}; the result is {@code [tile, span, size]}, from 0.
   */
  void outputColumns(float[] from, int at, int pointStep, float[] to, int size);

  /**
   * Second side, and the bias: of {@code [tile, span]} vectors, {@code step} apart, to {@code tile}
   * rows of neighbours, {@code rowStep} apart.
   */
  void outputRows(float[] from, int at, int step, float bias, float[] to, int toAt, int rowStep);
}
