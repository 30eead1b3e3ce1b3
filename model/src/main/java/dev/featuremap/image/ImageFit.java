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

  /**
   * Takes them as they are.
   *
   * @throws IllegalArgumentException if the way to resize does not lead to that shape
   */
  public ImageFit {
    boolean square = target.height() == target.width();
    if (resize.crop() > 0 && !(square && resize.crop() == target.height())) {
      throw unfit(target, resize, square ? "crop = " + target.height() : "no crop");
    }
    if (resize.cropPadding() > 0 && !square) {
      throw unfit(target, resize, "no crop-padding, which cuts squares");
    }
  }

  private static IllegalArgumentException unfit(Shape target, Resize resize, String expected) {
    return new IllegalArgumentException(
        "Cannot use data.resize = %s: images are to become %sx%s pixels. Set %s."
            .formatted(resize.settingName(), target.height(), target.width(), expected));
  }

  /** True when images of {@code shape} can be made to fit. */
  public boolean takes(Shape shape) {
    boolean convertible =
        shape.channels() == target.channels()
            || (shape.channels() == 1 && target.channels() == 3)
            || (shape.channels() == 3 && target.channels() == 1);
    return convertible
        && (!resize.equals(Resize.NONE)
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
    return switch (resize.way()) {
      case PILLOW -> likePillow(image);
      case TENSORFLOW -> likeTensorflow(image);
      case NONE, STRETCH, FIT, CROP -> hasSize(image) ? image : byAreas(image);
    };
  }

  private boolean hasSize(Pixels image) {
    return image.shape().height() == target.height() && image.shape().width() == target.width();
  }

  private Pixels byAreas(Pixels image) {
    Shape shape = image.shape();
    return switch (resize.way()) {
      case FIT -> inside(image);
      case CROP ->
          Resampling.scale(
              window(image, cutHeight(shape), cutWidth(shape)), target.height(), target.width());
      default -> Resampling.scale(image, target.height(), target.width());
    };
  }

  private Pixels likePillow(Pixels image) {
    int height = target.height();
    int width = target.width();
    return resize.shorter() == 0
        ? PillowResampling.scale(image, height, width, resize.filter())
        : PillowResampling.centre(image, resize.shorter(), height, width, resize.filter());
  }

  /** The square is that of EfficientNet's preprocessing, whose share is a float. */
  private Pixels likeTensorflow(Pixels image) {
    Pixels from = image;
    if (resize.cropPadding() > 0) {
      int side = target.height();
      float share = (float) (side / (double) (side + resize.cropPadding()));
      int square =
          Math.max(1, (int) (share * Math.min(image.shape().height(), image.shape().width())));
      from = laterWindow(image, square);
    }
    return Resampling.scale(
        from,
        Taps.ofTensorflow(from.shape().height(), target.height(), resize.filter()),
        Taps.ofTensorflow(from.shape().width(), target.width(), resize.filter()));
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

  /** A square around the centre; half a pixel goes to the rows and columns behind it. */
  private static Pixels laterWindow(Pixels image, int side) {
    Shape shape = image.shape();
    byte[] values = new byte[shape.channels() * side * side];
    int top = (shape.height() - side + 1) / 2;
    int left = (shape.width() - side + 1) / 2;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < side; y++) {
        int from = (c * shape.height() + top + y) * shape.width() + left;
        System.arraycopy(image.values(), from, values, (c * side + y) * side, side);
      }
    }
    return new Pixels(new Shape(shape.channels(), side, side), values);
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
