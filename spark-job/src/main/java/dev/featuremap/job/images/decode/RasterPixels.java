package dev.featuremap.job.images.decode;

import dev.featuremap.job.images.source.Pixels;
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
    int plane = raster.getWidth() * raster.getHeight();
    byte[] values = new byte[3 * plane];
    int[] row = new int[raster.getWidth()];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, row.length, 1, row);
      for (int x = 0; x < row.length; x++) {
        int colour = colours[row[x]];
        int to = y * row.length + x;
        values[to] = (byte) (colour >> 16);
        values[plane + to] = (byte) (colour >> 8);
        values[2 * plane + to] = (byte) colour;
      }
    }
    return new Pixels(new Shape(3, raster.getHeight(), raster.getWidth()), values);
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

  private static int eightBits(int sample, int bits) {
    return bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }
}
