package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactGeluTest extends GatedContract {

  ExactGeluTest() {
    super(new Gelu(Gelu.Approximation.NONE));
  }

  @Override
  PytorchValues valuesOfPytorch() {
    return new PytorchValues(
        new double[] {
          -5.919525869479969e-9,
          -0.004049694095,
          -0.158655253931,
          -0.100323418579,
          0.345731230637,
          1.954499736104,
          3.499185798223,
          6.999999999991
        },
        new double[] {
          -3.546870945402639e-8,
          -0.011945647204,
          -0.083315470588,
          0.304626645116,
          0.867495124656,
          1.085231801078,
          1.002821760354,
          1.000000000063
        });
  }

  @Test
  void summarySaysWhichFormItIs() {
    assertThat(new Gelu(Gelu.Approximation.NONE).summary()).isEqualTo("exact");
    assertThat(new Gelu(Gelu.Approximation.TANH).summary()).isEmpty();
  }
}
