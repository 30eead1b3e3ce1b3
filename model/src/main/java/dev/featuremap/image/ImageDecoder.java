package dev.featuremap.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG, JPEG, GIF, BMP, WebP, PNM and TIFF; of an animation the first frame, and of pages
 * the first. Nothing is allocated for pixels before the head has been read and found reasonable.
 *
 * <p>The decoded bytes are those of the file on every JDK; but those of JPEG are the JDK's
 * arithmetic: its library of libjpeg may round another way in another version.
 *
 * @param maxPixels the most that width times height may be
 * @param limit what messages say of who sets that: {@code data.max-pixels}
 * @param upright whether pictures are turned as their EXIF data say, as Pillow's {@code
 *     exif_transpose} does
 */
public record ImageDecoder(long maxPixels, String limit, boolean upright) {
  /** Each costs a pass over all pixels, however few bytes it has. */
  private static final int MOST_SCANS = 100;

  /** A decoder whose limit is a setting of the job. */
  public ImageDecoder(long maxPixels, boolean upright) {
    this(maxPixels, "data.max-pixels", upright);
  }

  /** The same of pictures that stay as they are stored. */
  public ImageDecoder(long maxPixels) {
    this(maxPixels, false);
  }

  /**
   * The pixels of an encoded image, of 1 channel if its format says grey, else of 3. Profiles of
   * colour are ignored.
   *
   * @throws BadImageException if it is of no known format, too large, or damaged
   */
  public Pixels decode(byte[] encoded) throws BadImageException {
    return of(
        encoded,
        (format, file, limits) -> {
          Pixels stored = pixels(format, file, limits);
          return upright ? Orientation.upright(stored, ExifOrientation.of(format, file)) : stored;
        });
  }

  /**
   * Makes sure that {@link #decode(byte[])} has something to decode, by the head alone.
   *
   * @throws BadImageException if it is of no known format, too large, or its head is damaged
   */
  public void checkHead(byte[] encoded) throws BadImageException {
    of(encoded, ImageDecoder::head);
  }

  /** What is made of a file whose format is known. */
  private interface Use<T> {
    T of(ImageFormat format, byte[] encoded, PixelLimits limits)
        throws IOException, BadImageException;
  }

  private <T> T of(byte[] encoded, Use<T> use) throws BadImageException {
    ImageFormat format = ImageFormat.of(encoded).orElseThrow(() -> unknown(encoded));
    try {
      return use.of(format, encoded, new PixelLimits(maxPixels, limit, encoded.length));
    } catch (IOException | RuntimeException e) {
      // Readers wrap it; the head was fine, so that it is the machine that falls short.
      outOfMemory(e);
      throw new BadImageException("its %s data are damaged (%s)".formatted(format, reason(e)));
    }
  }

  private static Boolean head(ImageFormat format, byte[] encoded, PixelLimits limits)
      throws IOException, BadImageException {
    switch (format) {
      case JPEG -> {
        jpegColours(encoded);
        read(format, encoded, limits, reader -> true);
      }
      case GIF -> gifHead(encoded, limits);
      case BMP -> BmpFile.of(encoded, limits);
      case WEBP -> WebpFile.checkHead(encoded, limits);
      case PNM -> PnmFile.of(encoded, limits);
      case TIFF -> TiffFile.of(encoded, limits);
      case PNG -> read(format, encoded, limits, reader -> true);
    }
    return true;
  }

  private static Pixels pixels(ImageFormat format, byte[] encoded, PixelLimits limits)
      throws IOException, BadImageException {
    return switch (format) {
      case JPEG -> jpeg(encoded, limits);
      case GIF -> gif(encoded, limits);
      case BMP -> BmpFile.of(encoded, limits).pixels();
      case WEBP -> WebpFile.pixels(encoded, limits);
      case PNM -> PnmFile.of(encoded, limits).pixels();
      case TIFF -> tiff(encoded, limits);
      case PNG -> RasterPixels.of(read(format, encoded, limits, reader -> reader.read(0)));
    };
  }

  /** The components are read as they are: a reader that makes colours of them asks profiles. */
  private static Pixels jpeg(byte[] encoded, PixelLimits limits)
      throws IOException, BadImageException {
    JpegColours colours = jpegColours(encoded);
    return colours.pixels(
        read(ImageFormat.JPEG, encoded, limits, reader -> reader.readRaster(0, null)));
  }

  private static JpegColours jpegColours(byte[] encoded) throws BadImageException {
    JpegMarkers markers = JpegMarkers.of(encoded);
    check(markers);
    return markers.colours();
  }

  private static Pixels gif(byte[] encoded, PixelLimits limits)
      throws IOException, BadImageException {
    GifFile gif = gifHead(encoded, limits);
    BufferedImage frame = read(ImageFormat.GIF, gif.frame(), limits, reader -> reader.read(0));
    return gif.screen(RasterPixels.indices(frame.getRaster()));
  }

  private static Pixels tiff(byte[] encoded, PixelLimits limits)
      throws IOException, BadImageException {
    TiffFile tiff = TiffFile.of(encoded, limits);
    PixelLimits known = new PixelLimits(limits.maxPixels(), limits.limit(), Integer.MAX_VALUE);
    return tiff.pixels(read(ImageFormat.TIFF, tiff.plain(), known, reader -> reader.read(0)));
  }

  private static GifFile gifHead(byte[] encoded, PixelLimits limits)
      throws IOException, BadImageException {
    GifFile gif = GifFile.of(encoded);
    limits.require(gif.screenWidth(), gif.screenHeight());
    return gif;
  }

  /** Reads something of a file with a reader that is then disposed of. */
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private static <T> T read(
      ImageFormat format, byte[] encoded, PixelLimits limits, Reading<T> reading)
      throws IOException, BadImageException {
    ImageReader reader = format.reader();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(in, true, true);
      limits.require(reader.getWidth(0), reader.getHeight(0));
      return reading.from(reader);
    } finally {
      reader.dispose();
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
        encoded.length == 0
            ? "it is empty"
            : ForeignFile.of(encoded)
                .map(found -> "it is " + found.words())
                .orElse("it begins like no PNG, JPEG, GIF, BMP, WebP, PNM or TIFF file"));
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
