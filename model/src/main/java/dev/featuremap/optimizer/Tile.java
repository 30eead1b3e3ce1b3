package dev.featuremap.optimizer;

import dev.featuremap.kernel.Fma;

/**
 * A copy of up to {@value #LENGTH} neighbouring parameters with their gradient and slots, on which
 * an optimizer's loops run.
 *
 * <p>C2 vectorizes a loop over separate arrays that has one index and one store; it leaves a loop
 * scalar where parameters and slots lie at different offsets of one array. Tiles stay in the L1
 * cache, so that copying costs less than it gains: momentum takes 0.32 ns instead of 0.64 ns per
 * parameter (one core, AVX-512, JDK 17). Adam, the default, has a kernel of its own.
 */
final class Tile {
  static final int LENGTH = 1024;

  private final StateLayout layout;
  private final float[] parameters;
  private final float[] gradient;
  private final float[][] slots;
  private int at;
  private int length;

  Tile(StateLayout layout) {
    int capacity = Math.min(LENGTH, layout.parameters());
    this.layout = layout;
    this.parameters = new float[capacity];
    this.gradient = new float[capacity];
    this.slots = new float[layout.slots()][capacity];
  }

  /** Copies {@code count} parameters from {@code from} on, their slots and scaled gradients. */
  void load(float[] state, float[] wholeGradient, float scale, int from, int count) {
    at = from;
    length = count;
    System.arraycopy(state, at, parameters, 0, length);
    for (int i = 0; i < length; i++) {
      gradient[i] = wholeGradient[from + i] * scale;
    }
    for (int slot = 0; slot < slots.length; slot++) {
      System.arraycopy(state, layout.slotAt(slot) + at, slots[slot], 0, length);
    }
  }

  /** Copies parameters and slots back. */
  void store(float[] state) {
    System.arraycopy(parameters, 0, state, at, length);
    for (int slot = 0; slot < slots.length; slot++) {
      System.arraycopy(slots[slot], 0, state, layout.slotAt(slot) + at, length);
    }
  }

  float[] parameters() {
    return parameters;
  }

  float[] gradient() {
    return gradient;
  }

  float[] slot(int index) {
    return slots[index];
  }

  /** Parameters in this tile. */
  int length() {
    return length;
  }

  /** {@code target += factor · source}. */
  void addScaled(float[] target, float factor, float[] source) {
    for (int i = 0; i < length; i++) {
      target[i] = Fma.of(factor, source[i], target[i]);
    }
  }

  /** {@code target = factor · target + source}. */
  void scaleAndAdd(float[] target, float factor, float[] source) {
    for (int i = 0; i < length; i++) {
      target[i] = Fma.of(factor, target[i], source[i]);
    }
  }

  /** {@code target = factor · target}. */
  void scale(float[] target, float factor) {
    for (int i = 0; i < length; i++) {
      target[i] *= factor;
    }
  }
}
