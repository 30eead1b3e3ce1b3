package dev.featuremap.bench;

import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.layer.dense.FullyConnected;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedLayer;

/**
 * Floating-point operations of a training step: two per weight and use in the forward pass, as many
 * for the weight gradient, and as many for the input gradient of every layer but the first. Only
 * convolutions and fully connected layers count.
 */
public final class StepFlops {
  private StepFlops() {}

  /** Operations of one image. */
  public static long perImage(NetworkPlan plan) {
    long total = 0;
    for (PlannedLayer layer : plan.layers()) {
      int passes = layer == plan.layers().get(0) ? 2 : 3;
      total += 2 * passes * weightUses(layer);
    }
    return total;
  }

  private static long weightUses(PlannedLayer layer) {
    if (layer.spec() instanceof Convolution convolution) {
      long taps =
          (long) layer.input().channels()
              / convolution.groups()
              * convolution.field().height()
              * convolution.field().width();
      return taps * layer.output().size();
    }
    if (layer.spec() instanceof FullyConnected) {
      return (long) layer.input().size() * layer.output().size();
    }
    return 0;
  }
}
