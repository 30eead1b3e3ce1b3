package dev.featuremap.testing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Small images, sound and otherwise. */
public final class Pictures {
  /** Signature and first chunk. */
  private static final int PNG_HEAD = 8 + 25;

  private Pictures() {}

  /** An image in any format of the JDK. */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("The JDK cannot write this image as " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * A grey PNG.
   *
   * @param pixels {@code [row, column]}
   */
  public static byte[] greyPng(byte[] pixels, int from, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < height * width; p++) {
      image.getRaster().setSample(p % width, p / width, 0, pixels[from + p] & 0xff);
    }
    return encode(image, "png");
  }

  /** A colour image with another value in every sample. */
  public static BufferedImage colours(int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < 3; band++) {
          image.getRaster().setSample(x, y, band, (band * 80 + y * width + x) & 0xff);
        }
      }
    }
    return image;
  }

  /** A PNG of 69 bytes whose head declares any size. */
  public static byte[] declaredPng(int width, int height) {
    ByteBuffer png = ByteBuffer.allocate(69);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8);
    chunk(png, "IHDR", head.array());
    chunk(png, "IDAT", new byte[12]);
    chunk(png, "IEND", new byte[0]);
    return png.array();
  }

  /** The PNG with a chunk before its pixels that holds a name and {@code content} deflated. */
  public static byte[] withDeflated(byte[] png, String type, byte[] content) {
    ByteArrayOutputStream named = new ByteArrayOutputStream();
    named.writeBytes(new byte[] {'a', 0, 0});
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(named)) {
      deflater.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer longer = ByteBuffer.allocate(png.length + 12 + named.size());
    longer.put(png, 0, PNG_HEAD);
    chunk(longer, type, named.toByteArray());
    return longer.put(png, PNG_HEAD, png.length - PNG_HEAD).array();
  }

  private static void chunk(ByteBuffer png, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    png.putInt(content.length).put(name).put(content).putInt((int) crc.getValue());
  }
}
