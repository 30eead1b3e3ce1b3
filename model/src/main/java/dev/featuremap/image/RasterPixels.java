package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The samples of a decoded image as bytes: palettes are looked up, alpha is dropped, 16 bits keep
 * the upper 8, fewer than 8 bits are stretched to 0…255.
 */
final class RasterPixels {
  private RasterPixels() {}

  static Pixels of(BufferedImage image) {
    return image.getColorModel() instanceof IndexColorModel palette
        ? indexed(image.getRaster(), palette)
        : direct(image.getRaster(), image.getColorModel());
  }

  private static Pixels indexed(Raster raster, IndexColorModel palette) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    return coloured(indices(raster), raster.getHeight(), raster.getWidth(), colours);
  }

  /** The first sample of each pixel, row after row. */
  static byte[] indices(Raster raster) {
    int width = raster.getWidth();
    byte[] indices = new byte[width * raster.getHeight()];
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        indices[y * width + x] = (byte) row[x];
      }
    }
    return indices;
  }

  /**
   * An image of three channels.
   *
   * @param indices {@code [row, column]}, each of a colour
   * @param colours red, green and blue, in bits 16 to 23, 8 to 15 and 0 to 7
   */
  static Pixels coloured(byte[] indices, int height, int width, int[] colours) {
    int plane = width * height;
    byte[] values = new byte[3 * plane];
    for (int at = 0; at < plane; at++) {
      int colour = colours[indices[at] & 0xff];
      values[at] = (byte) (colour >> 16);
      values[plane + at] = (byte) (colour >> 8);
      values[2 * plane + at] = (byte) colour;
    }
    return new Pixels(new Shape(3, height, width), values);
  }

  private static Pixels direct(Raster raster, ColorModel model) {
    int channels = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY ? 1 : 3;
    int bands = raster.getNumBands();
    int width = raster.getWidth();
    int plane = width * raster.getHeight();
    byte[] values = new byte[channels * plane];
    int[] row = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int c = 0; c < channels; c++) {
        int bits = raster.getSampleModel().getSampleSize(c);
        int to = c * plane + y * width;
        for (int x = 0; x < width; x++) {
          values[to + x] = (byte) eightBits(row[x * bands + c], bits);
        }
      }
    }
    return new Pixels(new Shape(channels, raster.getHeight(), width), values);
  }

  /** A sample of so many bits as one of 8. */
  static int eightBits(int sample, int bits) {
    return bits >= 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }
}
