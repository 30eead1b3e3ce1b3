package dev.featuremap.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

/** Runs where the build sets the width by {@code -XX:MaxVectorSize}, and only there. */
class VectorWidthTest {

  /** CPUs of other architectures may not offer the width. */
  @Test
  @EnabledOnOs(architectures = {"amd64", "x86_64"})
  void lanesAreThoseTheBuildAskedFor() {
    assertThat(new VectorKernels().name())
        .isEqualTo("vector/%s lanes", System.getProperty("featuremap.test.lanes"));
  }
}
