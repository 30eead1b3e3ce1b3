package dev.featuremap.layer;

/** Range checks that the layers' constructors share. */
public final class Checks {
  /** The largest field, window or padding; with it no size of a layer overflows an int. */
  public static final int LARGEST_SIDE = 1 << 16;

  private Checks() {}

  /** Rejects a value outside {@code [min, max]}. */
  public static void range(String layer, String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "Cannot make a %s layer: its %s must be from %s to %s, got %s."
              .formatted(layer, what, min, max, value));
    }
  }
}
