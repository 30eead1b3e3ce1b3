package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images as PNG, which keeps every byte of 1 or 3 channels. */
public final class PngFile {
  private PngFile() {}

  /**
   * The image as a file.
   *
   * @throws BadImageException if it has neither 1 nor 3 channels
   */
  public static byte[] encode(Pixels image) throws BadImageException {
    Shape shape = image.shape();
    if (shape.channels() != 1 && shape.channels() != 3) {
      throw new BadImageException(
          String.format(Locale.ROOT, "PNG takes 1 or 3 channels, got %d", shape.channels()));
    }
    BufferedImage buffered =
        new BufferedImage(
            shape.width(),
            shape.height(),
            shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    fill(buffered.getRaster(), image);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(buffered, "png", stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void fill(WritableRaster raster, Pixels image) {
    int plane = raster.getWidth() * raster.getHeight();
    int[] samples = new int[plane];
    for (int band = 0; band < image.shape().channels(); band++) {
      for (int p = 0; p < plane; p++) {
        samples[p] = image.values()[band * plane + p] & 0xff;
      }
      raster.setSamples(0, 0, raster.getWidth(), raster.getHeight(), band, samples);
    }
  }
}
