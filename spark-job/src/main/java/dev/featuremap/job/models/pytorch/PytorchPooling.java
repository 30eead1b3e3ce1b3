package dev.featuremap.job.models.pytorch;

import dev.featuremap.layer.pooling.AveragePool;
import dev.featuremap.layer.pooling.L2Pool;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;

/**
 * Pooling layers as PyTorch's functions. Those pad both sides alike, and by at most half of the
 * window; elsewhere the maps are padded first.
 */
final class PytorchPooling {
  private PytorchPooling() {}

  /** The largest values in the windows over {@code maps}. */
  static String max(MaxPool pool, String maps, Shape input) {
    Window window = pool.window();
    boolean takesPadding = takesPadding(window, input);
    String padded =
        takesPadding ? maps : padded(maps, window.reach(input), ", value=float(\"-inf\")");
    return "F.max_pool2d(%s, %s%s%s%s)"
        .formatted(
            padded,
            steps(window),
            takesPadding ? padding(window, input) : "",
            window.dilation().equals(Extent.ONE) ? "" : ", dilation=" + pair(window.dilation()),
            takesPadding && window.ceil() ? ", ceil_mode=True" : "");
  }

  /** Their means. */
  static String average(AveragePool pool, String maps, Shape input) {
    Window window = pool.window();
    if (takesPadding(window, input)) {
      return "F.avg_pool2d(%s, %s%s%s%s)"
          .formatted(
              maps,
              steps(window),
              padding(window, input),
              window.ceil() ? ", ceil_mode=True" : "",
              pool.countPadding() ? "" : ", count_include_pad=False");
    }
    Padding padding = window.padding(input);
    Padding reach = window.reach(input);
    String means = means(padded(maps, reach, ""), window);
    if (pool.countPadding() && reach.equals(padding)) {
      return means;
    }
    // The shares of the windows that count.
    String ones = "torch.ones_like(%s[:1, :1])".formatted(maps);
    if (!pool.countPadding()) {
      return "(%s / %s)".formatted(means, means(padded(ones, reach, ""), window));
    }
    Padding beyond =
        new Padding(0, 0, reach.bottom() - padding.bottom(), reach.right() - padding.right());
    String counted = padded(padded(ones, padding, ", value=1.0"), beyond, "");
    return "(%s / %s)".formatted(means, means(counted, window));
  }

  /** Their L2 norms. */
  static String l2(L2Pool pool, String maps, Shape input) {
    Window window = pool.window();
    return "F.lp_pool2d(%s, 2.0, %s)"
        .formatted(padded(maps, window.reach(input), ""), steps(window));
  }

  /** Maps with zeros around them, or with what the options say. */
  static String padded(String maps, Padding padding, String options) {
    return padding.equals(Padding.NONE)
        ? maps
        : "F.pad(%s, (%s, %s, %s, %s)%s)"
            .formatted(
                maps, padding.left(), padding.right(), padding.top(), padding.bottom(), options);
  }

  /** A number, or a pair of rows and columns. */
  static String pair(Extent extent) {
    return extent.isSquare()
        ? Integer.toString(extent.rows())
        : "(%s, %s)".formatted(extent.rows(), extent.columns());
  }

  private static String means(String maps, Window window) {
    return "F.avg_pool2d(%s, %s)".formatted(maps, steps(window));
  }

  private static String steps(Window window) {
    return "%s, stride=%s".formatted(pair(window.size()), pair(window.stride()));
  }

  private static String padding(Window window, Shape input) {
    Padding padding = window.padding(input);
    return padding.equals(Padding.NONE)
        ? ""
        : ", padding=" + pair(new Extent(padding.top(), padding.left()));
  }

  private static boolean takesPadding(Window window, Shape input) {
    Padding padding = window.padding(input);
    return padding.isSymmetric()
        && padding.top() <= window.size().rows() / 2
        && padding.left() <= window.size().columns() / 2;
  }
}
