package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;

/**
 * Average pooling to an output of a given size: the mean of each region, added up by rows.
 *
 * <p>Shapes and regions: see {@link AdaptivePooling}.
 *
 * <pre>{@code
 * { type = adaptive-average-pool, output = 7 }  # [8, 16, 18] → [8, 7, 7]
 * }</pre>
 *
 * @param output rows and columns of the output
 */
public record AdaptiveAveragePool(Extent output) implements AdaptivePooling {
  public static final String TYPE = "adaptive-average-pool";

  /** Rejects an output without pixels. */
  public AdaptiveAveragePool {
    AdaptivePooling.check(TYPE, output);
  }

  /** Reads {@code output}. */
  public static AdaptiveAveragePool read(Options options) {
    return new AdaptiveAveragePool(AdaptivePooling.read(options));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return WindowMeans.of(Regions.adaptive(output, input));
  }
}
