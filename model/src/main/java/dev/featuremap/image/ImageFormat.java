package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The formats that are decoded, told by their first bytes, whatever a file is called.
 *
 * <p>Readers are named here and not looked up among what happens to be on the class path: the JDK's
 * own, and for JPEG the one of TwelveMonkeys, which hands the decoding to the JDK's and adds
 * tolerance for damaged heads and profiles. BMP, WebP and PNM have no reader here, but {@link
 * BmpFile}, {@link WebpFile} and {@link PnmFile}.
 */
enum ImageFormat {
  PNG("\u0089PNG\r\n\u001a\n"),
  JPEG("\u00ff\u00d8\u00ff"),
  GIF("GIF8"),
  BMP("BM"),
  WEBP("RIFF"),
  PNM("P"),
  TIFF("II*\0");

  private static final String BIG_ENDIAN_TIFF = "MM\0*";

  private static final int LONGEST_MAGIC = 12;
  private static final String JDK_READERS = "com.sun.imageio.";

  /** One byte a character. */
  private final String magic;

  ImageFormat(String magic) {
    this.magic = magic;
  }

  /** The format whose files begin like {@code encoded}. */
  static Optional<ImageFormat> of(byte[] encoded) {
    String head = new String(encoded, 0, Math.min(LONGEST_MAGIC, encoded.length), ISO_8859_1);
    return Arrays.stream(values()).filter(format -> format.begins(head)).findFirst();
  }

  private boolean begins(String head) {
    return switch (this) {
      case WEBP -> head.startsWith(magic) && head.startsWith("WEBP", 8);
      case TIFF -> head.startsWith(magic) || head.startsWith(BIG_ENDIAN_TIFF);
      case PNM -> head.matches("P[1-6]\\s(?s:.*)");
      default -> head.startsWith(magic);
    };
  }

  /** A reader of its own; the caller disposes of it. */
  ImageReader reader() throws IOException {
    return this == JPEG ? JpegReaders.SPI.createReaderInstance() : jdkReader();
  }

  private ImageReader jdkReader() {
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(name().toLowerCase(Locale.ROOT));
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getOriginatingProvider().getClass().getName().startsWith(JDK_READERS)) {
        return reader;
      }
    }
    throw new IllegalStateException("Every Java platform reads %s.".formatted(name()));
  }

  /** Registered when the first JPEG comes: a provider finds its delegate as it is registered. */
  private static final class JpegReaders {
    static final ImageReaderSpi SPI = register();

    private static ImageReaderSpi register() {
      JPEGImageReaderSpi provider = new JPEGImageReaderSpi();
      IIORegistry.getDefaultInstance().registerServiceProvider(provider, ImageReaderSpi.class);
      return provider;
    }
  }
}
