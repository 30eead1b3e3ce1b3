package dev.featuremap.kernel;

class ScalarKernelsTest extends KernelFacts {
  @Override
  Kernels kernels() {
    return new ScalarKernels();
  }
}
