package dev.featuremap.layer.window;

import dev.featuremap.layer.Checks;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import java.util.List;
import java.util.Optional;

/** Reads windows from the options of a layer, in one notation for all layers. */
public final class WindowOptions {
  private static final String NOTATION = "[rows, columns] or [top, left, bottom, right]";

  private WindowOptions() {}

  /** Reads a size: an integer, or {@code [rows, columns]}. */
  public static Extent size(Options options, String key, Extent fallback) {
    return Extent.of(options.pair(key, pair(fallback), 1, Checks.LARGEST_SIDE));
  }

  /** The same where it has no default. */
  public static Extent requiredSize(Options options, String key) {
    return Extent.of(options.requiredPair(key, 1, Checks.LARGEST_SIDE));
  }

  private static List<Integer> pair(Extent extent) {
    return List.of(extent.rows(), extent.columns());
  }

  /** Reads {@code stride}: an integer, or {@code [rows, columns]}. */
  public static Extent stride(Options options, Extent fallback) {
    return size(options, "stride", fallback);
  }

  /** Reads {@code dilation}: an integer, or {@code [rows, columns]}; by default 1. */
  public static Extent dilation(Options options, Extent size) {
    int side = Math.max(size.rows(), size.columns());
    int most = (Checks.LARGEST_SIDE - 1) / Math.max(1, side - 1);
    return Extent.of(options.pair("dilation", List.of(1, 1), 1, Math.max(1, most)));
  }

  /**
   * Reads {@code padding} of any size: {@code same}, an integer, {@code [rows, columns]} or {@code
   * [top, left, bottom, right]}; by default 0.
   *
   * @param window without its padding
   * @return the window with it
   */
  public static Window padding(Options options, Window window) {
    String rule = "same, an integer from 0 to %s, %s".formatted(Checks.LARGEST_SIDE, NOTATION);
    return read(options, window, rule, Extent.square(Checks.LARGEST_SIDE));
  }

  /** The same where each side must be smaller than the window. */
  public static Window paddingWithinWindow(Options options, Window window) {
    Extent span = window.span();
    String rule =
        "same, an integer, %s, each less than the %s window".formatted(NOTATION, span.by());
    return read(options, window, rule, new Extent(span.rows() - 1, span.columns() - 1));
  }

  private static Window read(Options options, Window window, String rule, Extent most) {
    boolean same =
        options.value("padding").filter(value -> "same".equals(value.unwrapped())).isPresent();
    Optional<Padding> padding =
        same
            ? samePadding(window)
            : Optional.of(
                of(
                    options.integers(
                        "padding", List.of(0, 0), rule, sides -> isWithin(of(sides), most))));
    return new Window(window.size(), window.stride(), window.dilation(), padding, window.ceil());
  }

  /** With stride 1 it is the same for all maps. */
  private static Optional<Padding> samePadding(Window window) {
    if (!window.stride().equals(Extent.ONE)) {
      return Optional.empty();
    }
    int rows = window.span().rows() - 1;
    int columns = window.span().columns() - 1;
    return Optional.of(new Padding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2));
  }

  private static Padding of(List<Integer> sides) {
    return switch (sides.size()) {
      case 2 -> Padding.of(sides.get(0), sides.get(1));
      case 4 -> new Padding(sides.get(0), sides.get(1), sides.get(2), sides.get(3));
      default -> throw new ArithmeticException("not a padding");
    };
  }

  private static boolean isWithin(Padding padding, Extent most) {
    return padding.least() >= 0
        && padding.mostRows() <= most.rows()
        && padding.mostColumns() <= most.columns();
  }
}
