package dev.featuremap.network;

import dev.featuremap.layer.MaxPool;
import dev.featuremap.layer.RectifiedMaxPool;
import dev.featuremap.layer.Relu;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a plan as they run: a rectifier right before or after a max-pooling layer runs as a
 * part of it, see {@link RectifiedMaxPool}.
 */
final class ExecutionOrder {
  private ExecutionOrder() {}

  /** The layers as they run. */
  static List<PlannedLayer> of(List<PlannedLayer> layers) {
    List<PlannedLayer> order = new ArrayList<>();
    for (int k = 0; k < layers.size(); k++) {
      PlannedLayer layer = layers.get(k);
      PlannedLayer next = layers.get(Math.min(k + 1, layers.size() - 1));
      if (layer.spec() instanceof Relu && next.spec() instanceof MaxPool pool) {
        order.add(next.as(new RectifiedMaxPool(pool)));
        k++;
      } else if (layer.spec() instanceof MaxPool pool && next.spec() instanceof Relu) {
        order.add(layer.as(new RectifiedMaxPool(pool)));
        k++;
      } else {
        order.add(layer);
      }
    }
    return order;
  }
}
