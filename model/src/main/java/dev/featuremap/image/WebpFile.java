package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.util.Locale;

/**
 * A WebP file: its first frame, on the whole canvas; alpha is dropped, and around the frame is
 * black.
 */
final class WebpFile {
  private static final int HEAD_BYTES = 12;
  private static final int CHUNK_BYTES = 8;
  private static final int CANVAS_BYTES = 10;
  private static final int FRAME_BYTES = 16;

  private final byte[] webp;
  private final PixelLimits limits;
  private int canvasWidth;
  private int canvasHeight;
  private int left;
  private int top;

  private WebpFile(byte[] webp, PixelLimits limits) {
    this.webp = webp;
    this.limits = limits;
  }

  /** Where a frame is, and whether it is lossless. */
  private record Frame(int start, int end, boolean lossless) {}

  /**
   * Makes sure that there is an image whose size is reasonable.
   *
   * @throws BadImageException if it is too large
   * @throws IOException if the file is damaged
   */
  static void checkHead(byte[] webp, PixelLimits limits) throws BadImageException, IOException {
    WebpFile file = new WebpFile(webp, limits);
    Frame frame = file.frame();
    if (frame.lossless) {
      Vp8lFrame.checkHead(webp, frame.start, frame.end, limits);
    } else {
      Vp8Head head = new Vp8Head(webp, frame.start, frame.end);
      limits.requireAtMost(head.width, head.height);
    }
  }

  /**
   * The image, of 3 channels.
   *
   * @throws BadImageException if it is too large
   * @throws IOException if the file is damaged
   */
  static Pixels pixels(byte[] webp, PixelLimits limits) throws BadImageException, IOException {
    WebpFile file = new WebpFile(webp, limits);
    Frame frame = file.frame();
    Pixels pixels =
        frame.lossless
            ? Vp8lFrame.pixels(webp, frame.start, frame.end, limits)
            : Vp8Frame.pixels(webp, frame.start, frame.end, limits);
    return file.canvasWidth == 0 ? pixels : file.onCanvas(pixels);
  }

  /** The first frame among the chunks, also of an animation. */
  private Frame frame() throws BadImageException, IOException {
    require(HEAD_BYTES, webp.length);
    int at = HEAD_BYTES;
    int end = webp.length;
    while (true) {
      require(at + CHUNK_BYTES, end);
      String name = new String(webp, at, 4, ISO_8859_1);
      long size = triple(at + 4) | (webp[at + 7] & 0xffL) << 24;
      int data = at + CHUNK_BYTES;
      switch (name) {
        case "VP8 ", "VP8L" -> {
          return new Frame(data, (int) Math.min(end, data + size), name.equals("VP8L"));
        }
        case "VP8X" -> {
          require(data + CANVAS_BYTES, end);
          canvasWidth = triple(data + 4) + 1;
          canvasHeight = triple(data + 7) + 1;
          limits.requireAtMost(canvasWidth, canvasHeight);
          at = next(data, size);
        }
        case "ANMF" -> {
          require(data + FRAME_BYTES, end);
          left = 2 * triple(data);
          top = 2 * triple(data + 3);
          at = data + FRAME_BYTES;
        }
        default -> at = next(data, size);
      }
    }
  }

  /** Chunks have an even number of bytes. */
  private int next(int data, long size) throws IOException {
    require(data + size, webp.length);
    return (int) Math.min(webp.length, data + size + size % 2);
  }

  private void require(long end, long available) throws IOException {
    if (end > available) {
      throw new IOException("the file ends early");
    }
  }

  private Pixels onCanvas(Pixels frame) throws IOException {
    Shape shape = frame.shape();
    if (shape.width() == canvasWidth && shape.height() == canvasHeight && left + top == 0) {
      return frame;
    }
    if (left + shape.width() > canvasWidth || top + shape.height() > canvasHeight) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a frame of %dx%d at %d, %d leaves the canvas of %dx%d",
              shape.width(),
              shape.height(),
              left,
              top,
              canvasWidth,
              canvasHeight));
    }
    byte[] values = new byte[3 * canvasWidth * canvasHeight];
    for (int row = 0; row < 3 * shape.height(); row++) {
      int to = (row / shape.height() * canvasHeight + top + row % shape.height()) * canvasWidth;
      System.arraycopy(frame.values(), row * shape.width(), values, to + left, shape.width());
    }
    return new Pixels(new Shape(3, canvasHeight, canvasWidth), values);
  }

  private int triple(int at) {
    return webp[at] & 0xff | (webp[at + 1] & 0xff) << 8 | (webp[at + 2] & 0xff) << 16;
  }
}
