package dev.featuremap.network;

import dev.featuremap.layer.MaxPool;
import dev.featuremap.layer.Relu;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which the layers of a plan run.
 *
 * <p>Rectifying and taking the maximum commute, bit for bit and with their gradients: {@code
 * max(relu(x)) = relu(max(x))}, and the gradient passes where the maximum is positive. So a
 * rectifier right before a max-pooling layer runs after it, on as many values less as a window
 * holds.
 */
final class ExecutionOrder {
  private ExecutionOrder() {}

  /** The layers as they run. */
  static List<PlannedLayer> of(List<PlannedLayer> layers) {
    List<PlannedLayer> order = new ArrayList<>(layers);
    for (int k = 0; k + 1 < order.size(); k++) {
      PlannedLayer first = order.get(k);
      PlannedLayer second = order.get(k + 1);
      if (first.spec() instanceof Relu && second.spec() instanceof MaxPool) {
        order.set(k, second);
        order.set(k + 1, first.over(second.output()));
      }
    }
    return order;
  }
}
