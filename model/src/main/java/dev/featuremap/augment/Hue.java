package dev.featuremap.augment;

import dev.featuremap.tensor.Lanes;

/**
 * Turns the hue of pixels from 0 to 1, of three channels, by way of hue, saturation and value, as
 * torchvision does it with tensors (with Pillow's images it rounds hue, saturation and value to 8
 * bits, which is coarser).
 */
final class Hue {
  private Hue() {}

  /** Turns all pixels of a lane by a part of a whole turn, from -0.5 to 0.5. */
  static void turn(float[] values, int plane, int lane, float turns) {
    int green = plane * Lanes.COUNT;
    int blue = 2 * green;
    for (int at = lane; at < green; at += Lanes.COUNT) {
      float r = values[at];
      float g = values[at + green];
      float b = values[at + blue];
      float value = Math.max(r, Math.max(g, b));
      float range = value - Math.min(r, Math.min(g, b));
      if (range > 0) {
        float sixths = sixths(r, g, b, value, range) + 6 * turns;
        values[at] = channel(sixths + 5, value, range);
        values[at + green] = channel(sixths + 3, value, range);
        values[at + blue] = channel(sixths + 1, value, range);
      }
    }
  }

  /** The hue in sixths of a turn: 0 is red, 2 green, 4 blue. */
  private static float sixths(float r, float g, float b, float value, float range) {
    return value == r ? (g - b) / range : value == g ? 2 + (b - r) / range : 4 + (r - g) / range;
  }

  /** The channel that is brightest one sixth before and after {@code place} 0, modulo 6. */
  private static float channel(float place, float value, float range) {
    float k = place - 6 * (float) Math.floor(place / 6);
    float share = Math.max(0f, Math.min(1f, Math.min(k, 4 - k)));
    return value - range * share;
  }
}
