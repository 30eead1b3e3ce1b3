package dev.featuremap.job.testing;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.PngFile;
import dev.featuremap.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Small PNG files, sound and otherwise. */
public final class Pictures {
  private static final int HEAD_AT = 12;
  private static final int HEAD_BYTES = 17;

  private Pictures() {}

  /**
   * A grey PNG.
   *
   * @param pixels {@code [row, column]}
   */
  public static byte[] greyPng(byte[] pixels, int from, int height, int width) {
    Shape shape = new Shape(1, height, width);
    return png(new Pixels(shape, Arrays.copyOfRange(pixels, from, from + shape.size())));
  }

  /** A colour PNG with another value in every sample. */
  public static byte[] colourPng(int height, int width) {
    byte[] values = new byte[3 * height * width];
    for (int k = 0; k < values.length; k++) {
      values[k] = (byte) (k / (height * width) * 80 + k % (height * width));
    }
    return png(new Pixels(new Shape(3, height, width), values));
  }

  /** A small PNG whose head declares any size. */
  public static byte[] declaredPng(int width, int height) {
    byte[] png = greyPng(new byte[1], 0, 1, 1);
    ByteBuffer head = ByteBuffer.wrap(png).position(HEAD_AT + 4).putInt(width).putInt(height);
    CRC32 crc = new CRC32();
    crc.update(png, HEAD_AT, HEAD_BYTES);
    head.putInt(HEAD_AT + HEAD_BYTES, (int) crc.getValue());
    return png;
  }

  private static byte[] png(Pixels pixels) {
    try {
      return PngFile.encode(pixels);
    } catch (BadImageException e) {
      throw new IllegalStateException(e);
    }
  }
}
