package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import org.junit.jupiter.api.Test;

class HardSwishTest extends GatedContract {

  HardSwishTest() {
    super(new HardSwish());
  }

  @Override
  PytorchValues valuesOfPytorch() {
    return new PytorchValues(
        new double[] {
          0, 0, -0.333333333333, -0.114583333333, 0.291666666667, 1.666666666667, 3.5, 7
        },
        new double[] {0, 0, 0.166666666667, 0.416666666667, 0.666666666667, 1.166666666667, 1, 1});
  }

  @Test
  void bendsAtThreeAndMinusThree() {
    float[] gradient =
        Outputs.gradientOf(
            new HardSwish(), Shape.ofFeatures(4), -3f, Math.nextUp(-3f), Math.nextDown(3f), 3f);
    assertThat(gradient[0]).isZero();
    assertThat(gradient[1]).isBetween(-0.51f, -0.49f);
    assertThat(gradient[2]).isBetween(1.49f, 1.51f);
    assertThat(gradient[3]).isEqualTo(1f);
  }
}
