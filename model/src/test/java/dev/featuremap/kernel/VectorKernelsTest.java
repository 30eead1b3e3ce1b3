package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorKernelsTest extends KernelFacts {
  @Override
  Kernels kernels() {
    return KernelLookup.choose("vector", true);
  }

  @Test
  void nameTellsTheLanes() {
    assertThat(kernels().name()).matches("vector/(2|4|8|16) lanes");
  }
}
