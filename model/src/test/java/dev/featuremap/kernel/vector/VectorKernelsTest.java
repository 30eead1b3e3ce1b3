package dev.featuremap.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.kernel.KernelFacts;
import dev.featuremap.kernel.Kernels;
import org.junit.jupiter.api.Test;

class VectorKernelsTest extends KernelFacts {
  @Override
  protected Kernels kernels() {
    return new VectorKernels();
  }

  @Test
  void nameTellsTheLanes() {
    assertThat(kernels().name()).matches("vector/(2|4|8|16) lanes");
  }
}
