package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.KernelFacts;
import dev.featuremap.kernel.Kernels;

class ScalarKernelsTest extends KernelFacts {
  @Override
  protected Kernels kernels() {
    return new ScalarKernels();
  }
}
