package dev.featuremap.optimizer;

import dev.featuremap.kernel.KernelLookup;

/** Optimizers at work on whole states. */
public final class Updates {
  private Updates() {}

  /** Updates all parameters and slots in place by a mean gradient; steps count from 1. */
  public static void once(
      Optimizer optimizer,
      float[] state,
      StateLayout layout,
      float[] gradient,
      double learningRate,
      long step) {
    optimizer
        .over(layout, KernelLookup.kernels())
        .apply(state, gradient, 1f, learningRate, step, 0, layout.parameters());
  }
}
