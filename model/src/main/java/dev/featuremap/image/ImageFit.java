package dev.featuremap.image;

import dev.featuremap.tensor.Shape;
import java.io.Serializable;

/**
 * Makes images of any shape into images of one: first the channels, then the size. Travels.
 *
 * @param target the shape of all images
 * @param resize what becomes of other sizes
 */
public record ImageFit(Shape target, Resize resize) implements Serializable {

  /** True when images of {@code shape} can be made to fit. */
  public boolean takes(Shape shape) {
    boolean convertible =
        shape.channels() == target.channels()
            || (shape.channels() == 1 && target.channels() == 3)
            || (shape.channels() == 3 && target.channels() == 1);
    return convertible
        && (resize != Resize.NONE
            || (shape.height() == target.height() && shape.width() == target.width()));
  }

  /** An image of the target's shape, from one that {@link #takes} accepts. */
  public Pixels apply(Pixels image) {
    Pixels pixels = image;
    if (pixels.shape().channels() == 3 && target.channels() == 1) {
      pixels = Luma.grey(pixels);
    }
    pixels = toSize(pixels);
    return pixels.shape().channels() == 1 && target.channels() == 3 ? Luma.colour(pixels) : pixels;
  }

  private Pixels toSize(Pixels image) {
    Shape shape = image.shape();
    if (shape.height() == target.height() && shape.width() == target.width()) {
      return image;
    }
    return switch (resize) {
      case FIT -> inside(image);
      case CROP ->
          Resampling.scale(
              window(image, cutHeight(shape), cutWidth(shape)), target.height(), target.width());
      case STRETCH, NONE -> Resampling.scale(image, target.height(), target.width());
    };
  }

  /** The whole image, as large as it goes, between zeros. */
  private Pixels inside(Pixels image) {
    Shape shape = image.shape();
    boolean heightBinds =
        (long) target.height() * shape.width() <= (long) target.width() * shape.height();
    int scaledHeight =
        heightBinds ? target.height() : share(shape.height(), target.width(), shape.width());
    int scaledWidth =
        heightBinds ? share(shape.width(), target.height(), shape.height()) : target.width();
    return window(
        Resampling.scale(image, scaledHeight, scaledWidth), target.height(), target.width());
  }

  /** Rows that have the target's proportions with all columns; all rows if there are fewer. */
  private int cutHeight(Shape shape) {
    return Math.min(shape.height(), share(shape.width(), target.height(), target.width()));
  }

  private int cutWidth(Shape shape) {
    return Math.min(shape.width(), share(shape.height(), target.width(), target.height()));
  }

  /** {@code side · numerator / denominator}, rounded, from 1 to the largest integer. */
  private static int share(int side, int numerator, int denominator) {
    long rounded = (2L * side * numerator + denominator) / (2L * denominator);
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, rounded));
  }

  /**
   * An image of that size which shares its centre with {@code image}, zeros where there is none.
   */
  private static Pixels window(Pixels image, int windowHeight, int windowWidth) {
    Shape shape = image.shape();
    byte[] values = new byte[shape.channels() * windowHeight * windowWidth];
    int rows = Math.min(windowHeight, shape.height());
    int columns = Math.min(windowWidth, shape.width());
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < rows; y++) {
        int from =
            (c * shape.height() + (shape.height() - rows) / 2 + y) * shape.width()
                + (shape.width() - columns) / 2;
        int to =
            (c * windowHeight + (windowHeight - rows) / 2 + y) * windowWidth
                + (windowWidth - columns) / 2;
        System.arraycopy(image.values(), from, values, to, columns);
      }
    }
    return new Pixels(new Shape(shape.channels(), windowHeight, windowWidth), values);
  }
}
