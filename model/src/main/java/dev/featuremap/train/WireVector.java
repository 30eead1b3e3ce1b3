package dev.featuremap.train;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A vector as it travels: its first values in half the bytes, the others as they are.
 *
 * <p>A plain class of primitive fields.
 */
public final class WireVector implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final short[] NO_HALVES = {};

  private final short[] halves;
  private final float[] floats;
  private final boolean ways;

  private WireVector(short[] halves, float[] floats, boolean ways) {
    this.halves = halves;
    this.floats = floats;
    this.ways = ways;
  }

  /** Takes the values as they are. */
  static WireVector ofFloats(float[] values) {
    return new WireVector(NO_HALVES, values, false);
  }

  /**
   * Halves gradients alone: running statistics behind them move by less than their own rounding.
   */
  static WireVector ofGradients(float[] values, int gradients) {
    short[] halves = new short[gradients];
    for (int k = 0; k < gradients; k++) {
      halves[k] = Bfloat16.nearest(values[k]);
    }
    return new WireVector(halves, Arrays.copyOfRange(values, gradients, values.length), false);
  }

  /** Halves what lies between each value and where it started. */
  static WireVector ofWays(float[] values, float[] start) {
    short[] halves = new short[values.length];
    for (int k = 0; k < values.length; k++) {
      halves[k] = Bfloat16.nearest(values[k] - start[k]);
    }
    return new WireVector(halves, new float[0], true);
  }

  /** The values {@code [from, to)} of the vector. */
  public WireVector part(int from, int to) {
    int halved = halves.length;
    return new WireVector(
        Arrays.copyOfRange(halves, Math.min(from, halved), Math.min(to, halved)),
        Arrays.copyOfRange(floats, Math.max(from - halved, 0), Math.max(to - halved, 0)),
        ways);
  }

  /**
   * The values as workers meant them.
   *
   * @param start the state that they started from; not read unless states are averaged
   * @param from where in it the first value started
   */
  public float[] values(float[] start, int from) {
    if (halves.length == 0) {
      return floats;
    }
    float[] values = new float[halves.length + floats.length];
    for (int k = 0; k < halves.length; k++) {
      float value = Bfloat16.widen(halves[k]);
      values[k] = ways ? start[from + k] + value : value;
    }
    System.arraycopy(floats, 0, values, halves.length, floats.length);
    return values;
  }
}
