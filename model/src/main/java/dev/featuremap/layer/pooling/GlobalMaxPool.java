package dev.featuremap.layer.pooling;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;

/**
 * The largest activation of each feature map. The gradient goes to the first element, by rows, that
 * has it.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [channels, 1, 1]}.
 *
 * <pre>{@code
 * { type = global-max-pool }  # [64, 7, 7] → [64, 1, 1]
 * }</pre>
 */
public record GlobalMaxPool() implements LayerSpec {
  public static final String TYPE = "global-max-pool";

  @Override
  public Shape outputShape(Shape input) {
    return over(input).outputShape(input);
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return over(input).build(input, place, kernels);
  }

  private static MaxPool over(Shape map) {
    return new MaxPool(Window.touching(new Extent(map.height(), map.width())), false);
  }
}
