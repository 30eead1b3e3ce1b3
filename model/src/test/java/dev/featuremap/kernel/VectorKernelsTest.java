package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;

class VectorKernelsTest extends KernelFacts {
  private static final String EXPECTED_LANES = "featuremap.test.lanes";

  @Override
  Kernels kernels() {
    return KernelLookup.choose("vector", true);
  }

  @Test
  void nameTellsTheLanes() {
    assertThat(kernels().name()).matches("vector/(2|4|8|16) lanes");
  }

  /** The build sets the width by {@code -XX:MaxVectorSize}; other CPUs may not offer it. */
  @Test
  @EnabledIfSystemProperty(named = EXPECTED_LANES, matches = "\\d+")
  @EnabledOnOs(architectures = {"amd64", "x86_64"})
  void lanesAreThoseTheBuildAskedFor() {
    assertThat(kernels().name()).isEqualTo("vector/%d lanes", Integer.getInteger(EXPECTED_LANES));
  }
}
