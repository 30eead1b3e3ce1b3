package dev.featuremap.layer.window;

import dev.featuremap.layer.Checks;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Optional;

/**
 * A window and how it slides over a feature map.
 *
 * @param size rows and columns of its elements
 * @param stride its steps
 * @param dilation distances between neighbouring elements; 1 leaves no gaps
 * @param fixedPadding what is added around the map; empty for {@code same}, which depends on the
 *     map: as much as gives {@code ceil(size of the map / stride)} places
 * @param ceil true where the last window may reach past the padding
 */
public record Window(
    Extent size, Extent stride, Extent dilation, Optional<Padding> fixedPadding, boolean ceil) {

  /** A window without gaps that stays inside the padded map. */
  public Window(Extent size, Extent stride, Padding padding) {
    this(size, stride, Extent.ONE, Optional.of(padding), false);
  }

  /** A square one. */
  public static Window square(int side, int stride, int padding) {
    return new Window(Extent.square(side), Extent.square(stride), Padding.of(padding, padding));
  }

  /** One whose places touch but do not overlap. */
  public static Window touching(Extent size) {
    return new Window(size, size, Padding.NONE);
  }

  /**
   * Rejects sizes that no window has.
   *
   * @param layer the type of layer
   * @param name what the layer calls its window
   */
  public void check(String layer, String name) {
    check(layer, name, size, 1);
    check(layer, "stride", stride, 1);
    check(layer, "dilation", dilation, 1);
    Padding padding = fixedPadding.orElse(Padding.NONE);
    Checks.range(layer, "padding", padding.least(), 0, Checks.LARGEST_SIDE);
    int most = Math.max(padding.mostRows(), padding.mostColumns());
    Checks.range(layer, "padding", most, 0, Checks.LARGEST_SIDE);
    long rows = (long) dilation.rows() * (size.rows() - 1) + 1;
    long columns = (long) dilation.columns() * (size.columns() - 1) + 1;
    if (Math.max(rows, columns) > Checks.LARGEST_SIDE) {
      throw new IllegalArgumentException(
          "Cannot make a %s layer: its dilated %s must reach over at most %s pixels, got %s."
              .formatted(layer, name, Checks.LARGEST_SIDE, Math.max(rows, columns)));
    }
  }

  private static void check(String layer, String what, Extent extent, int least) {
    Checks.range(layer, what, extent.rows(), least, Checks.LARGEST_SIDE);
    Checks.range(layer, what, extent.columns(), least, Checks.LARGEST_SIDE);
  }

  /** Rows and columns of the map that one place of the window spans. */
  public Extent span() {
    return new Extent(
        dilation.rows() * (size.rows() - 1) + 1, dilation.columns() * (size.columns() - 1) + 1);
  }

  /** The padding of a map of {@code input}. */
  public Padding padding(Shape input) {
    return fixedPadding.orElseGet(
        () -> {
          Slide rows = Slide.same(input.height(), span().rows(), stride.rows());
          Slide columns = Slide.same(input.width(), span().columns(), stride.columns());
          return new Padding(rows.before(), columns.before(), rows.after(), columns.after());
        });
  }

  /** The padding of a map of {@code input}, and after it what the last windows reach beyond it. */
  public Padding reach(Shape input) {
    Padding padding = padding(input);
    return new Padding(padding.top(), padding.left(), rows(input).reach(), columns(input).reach());
  }

  /** Places of the window over a map of {@code input}; below 1 where it does not fit. */
  public Extent places(Shape input) {
    return new Extent(rows(input).places(), columns(input).places());
  }

  /** True where each place of the window has an element inside a map of {@code input}. */
  public boolean meets(Shape input) {
    return rows(input).meets(dilation.rows()) && columns(input).meets(dilation.columns());
  }

  private Slide rows(Shape input) {
    Padding padding = padding(input);
    return new Slide(
        input.height(), span().rows(), stride.rows(), padding.top(), padding.bottom(), ceil);
  }

  private Slide columns(Shape input) {
    Padding padding = padding(input);
    return new Slide(
        input.width(), span().columns(), stride.columns(), padding.left(), padding.right(), ceil);
  }

  /** The padding as network files have it. */
  public String paddingText() {
    return fixedPadding.map(Padding::toString).orElse("same");
  }

  /** What differs from a window of this stride without padding and gaps, for people. */
  public String unusual(Extent usualStride) {
    return (stride.equals(usualStride) ? "" : ", stride " + stride)
        + (fixedPadding.equals(Optional.of(Padding.NONE)) ? "" : ", padding " + paddingText())
        + (dilation.equals(Extent.ONE) ? "" : ", dilation " + dilation)
        + (ceil ? ", ceil-mode" : "");
  }
}
