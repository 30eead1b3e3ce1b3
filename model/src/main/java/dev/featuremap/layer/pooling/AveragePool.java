package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;

/**
 * Average pooling: the mean activation in each window, added up by rows. Pixels of the padding are
 * zeros that count, or do not count; what a window reaches beyond the padding never does.
 *
 * <p>Shapes: see {@link Pooling}.
 *
 * <pre>{@code
 * { type = average-pool, window = 2 }  # [8, 26, 26] → [8, 13, 13]
 * { type = average-pool, window = 3, stride = 1, padding = 1 }  # [8, 17, 17] → [8, 17, 17]
 * }</pre>
 *
 * @param window the window, without gaps
 * @param countPadding true where the mean is over the pixels of the padding too
 */
public record AveragePool(Window window, boolean countPadding) implements Pooling {
  public static final String TYPE = "average-pool";

  /** Rejects an empty window, a stride below 1 and a padding as large as the window. */
  public AveragePool {
    Pooling.check(TYPE, window);
  }

  /** A square window without padding. */
  public AveragePool(int window, int stride) {
    this(Window.square(window, stride, 0), true);
  }

  /**
   * Reads {@code window}, {@code stride}, {@code padding}, {@code ceil-mode} and {@code
   * count-padding}.
   */
  public static AveragePool read(Options options) {
    return new AveragePool(Pooling.read(options), options.flag("count-padding", true));
  }

  @Override
  public String summary() {
    return Pooling.super.summary() + (countPadding ? "" : ", padding not counted");
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    Regions regions = Regions.of(window, input);
    return countPadding ? new WindowMeans(regions, divisors(input)) : WindowMeans.of(regions);
  }

  /** Pixels of each window that lie in the map or its padding. */
  private int[] divisors(Shape input) {
    Padding padding = window.padding(input);
    Shape padded = padding.around(input);
    Extent places = window.places(input);
    int[] divisors = new int[places.size()];
    for (int place = 0; place < divisors.length; place++) {
      int top = place / places.columns() * window.stride().rows();
      int left = place % places.columns() * window.stride().columns();
      divisors[place] =
          Math.min(window.size().rows(), padded.height() - top)
              * Math.min(window.size().columns(), padded.width() - left);
    }
    return divisors;
  }
}
