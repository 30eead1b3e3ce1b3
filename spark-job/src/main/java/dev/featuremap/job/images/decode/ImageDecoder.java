package dev.featuremap.job.images.decode;

import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.Pixels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG, JPEG, GIF and BMP; of an animation the first frame. Nothing is allocated for pixels
 * before the head has been read and found reasonable.
 *
 * <p>The decoded bytes of PNG, GIF and BMP are those of the file on every JDK. Those of JPEG are
 * the JDK's arithmetic: its library of libjpeg may round another way in another version.
 *
 * @param maxPixels the most that width times height may be
 */
public record ImageDecoder(long maxPixels) {
  /** PNG's deflate makes at most 1032 bytes of one, which are 8 pixels each of a bilevel image. */
  private static final long MOST_PIXELS_OF_A_BYTE = 8 * 1032;

  /** Each costs a pass over all pixels, however few bytes it has. */
  private static final int MOST_SCANS = 100;

  /**
   * The pixels of what a record holds, decoded if need be.
   *
   * @throws BadImageException if there is no image
   */
  public Pixels decode(ImageContent content) throws BadImageException {
    if (content instanceof ImageContent.Encoded file) {
      return decode(file.bytes());
    }
    if (content instanceof ImageContent.Plain plain) {
      return plain.image();
    }
    throw new BadImageException(((ImageContent.Unusable) content).reason());
  }

  /**
   * The pixels of an encoded image, of 1 channel if its format says grey, else of 3.
   *
   * @throws BadImageException if it is of no known format, too large, or damaged
   */
  public Pixels decode(byte[] encoded) throws BadImageException {
    return read(encoded, reader -> RasterPixels.of(reader.read(0)));
  }

  /**
   * Makes sure that {@link #decode(byte[])} has something to decode, by the head alone.
   *
   * @throws BadImageException if it is of no known format, too large, or its head is damaged
   */
  public void checkHead(byte[] encoded) throws BadImageException {
    read(encoded, reader -> encoded);
  }

  /** What is made of an image whose head is fine. */
  private interface Use<T> {
    T of(ImageReader reader) throws IOException, BadImageException;
  }

  private <T> T read(byte[] encoded, Use<T> use) throws BadImageException {
    ImageFormat format = ImageFormat.of(encoded).orElseThrow(() -> unknown(encoded));
    if (format == ImageFormat.JPEG) {
      check(JpegMarkers.of(encoded));
    }
    if (format == ImageFormat.BMP && BmpHead.holdsAnotherFile(encoded)) {
      throw new BadImageException("its BMP data hold a JPEG or PNG file; give that file instead");
    }
    try {
      return read(format, encoded, use);
    } catch (IOException | RuntimeException e) {
      // Readers wrap it; the head was fine, so that it is the machine that falls short.
      outOfMemory(e);
      throw new BadImageException("its %s data are damaged (%s)".formatted(format, reason(e)));
    }
  }

  private <T> T read(ImageFormat format, byte[] encoded, Use<T> use)
      throws IOException, BadImageException {
    ImageReader reader = format.reader();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(in, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0), encoded.length);
      return use.of(reader);
    } finally {
      reader.dispose();
    }
  }

  private void checkSize(int width, int height, int bytes) throws BadImageException {
    long pixels = (long) width * height;
    if (pixels > maxPixels) {
      throw new BadImageException(
          String.format(
              Locale.ROOT,
              "its head declares %dx%d = %,d pixels, data.max-pixels allows %,d",
              width,
              height,
              pixels,
              maxPixels));
    }
    if (pixels > MOST_PIXELS_OF_A_BYTE * bytes) {
      throw new BadImageException(
          String.format(
              Locale.ROOT,
              "its head declares %dx%d pixels, which its %,d bytes cannot hold",
              width,
              height,
              bytes));
    }
  }

  private static void check(JpegMarkers jpeg) throws BadImageException {
    if (!jpeg.complete()) {
      throw new BadImageException("its JPEG data are truncated");
    }
    if (jpeg.scans() > MOST_SCANS) {
      throw new BadImageException(
          String.format(
              Locale.ROOT,
              "its JPEG data have %,d scans, at most %d are decoded",
              jpeg.scans(),
              MOST_SCANS));
    }
  }

  private static BadImageException unknown(byte[] encoded) {
    return new BadImageException(
        encoded.length == 0 ? "it is empty" : "it begins like no PNG, JPEG, GIF or BMP file");
  }

  private static void outOfMemory(Throwable failure) {
    Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(OutOfMemoryError.class::isInstance)
        .map(OutOfMemoryError.class::cast)
        .findFirst()
        .ifPresent(
            error -> {
              throw error;
            });
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElseThrow();
  }
}
