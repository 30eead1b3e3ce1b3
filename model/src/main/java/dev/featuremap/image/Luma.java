package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Colour to grey and back.
 *
 * <p>Grey is the luma of ITU-R BT.601, {@code Y = 0.299 R + 0.587 G + 0.114 B}, with weights of 16
 * bits that add up to 65536 and halves rounded up; equal channels stay what they are.
 */
final class Luma {
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;

  private Luma() {}

  /** The luma of an image of 3 channels. */
  static Pixels grey(Pixels colour) {
    Shape shape = colour.shape();
    int plane = shape.height() * shape.width();
    byte[] values = colour.values();
    byte[] luma = new byte[plane];
    for (int p = 0; p < plane; p++) {
      int sum =
          RED * (values[p] & 0xff)
              + GREEN * (values[plane + p] & 0xff)
              + BLUE * (values[2 * plane + p] & 0xff);
      luma[p] = (byte) ((sum + (1 << 15)) >> 16);
    }
    return new Pixels(new Shape(1, shape.height(), shape.width()), luma);
  }

  /** An image of 1 channel with that channel three times. */
  static Pixels colour(Pixels grey) {
    Shape shape = grey.shape();
    byte[] values = Arrays.copyOf(grey.values(), 3 * grey.values().length);
    System.arraycopy(values, 0, values, shape.size(), shape.size());
    System.arraycopy(values, 0, values, 2 * shape.size(), shape.size());
    return new Pixels(new Shape(3, shape.height(), shape.width()), values);
  }
}
