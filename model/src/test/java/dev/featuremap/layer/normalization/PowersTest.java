package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class PowersTest {

  @Test
  void hasTwelveDigits() {
    for (double base : new double[] {1.2e-38, 0.3, 0.70710678, 0.99, 1, 1.5, 2, 1e4, 3.4e38}) {
      for (double exponent : new double[] {-10, -0.75, -0.3, 0, 0.6, 7.1}) {
        double expected = StrictMath.pow(base, exponent);
        if (expected > 1e-300 && expected < 1e300) {
          assertThat(Powers.power(base, exponent))
              .as("%s^%s", base, exponent)
              .isCloseTo(expected, withinPercentage(1e-10));
        }
      }
    }
  }

  @Test
  void endsAtZeroAndAtInfinity() {
    assertThat((float) Powers.power(3e38, -10)).isZero();
    assertThat((float) Powers.power(1.2e-38, -10)).isInfinite();
    assertThat(Powers.power(Double.NaN, -0.6)).isNaN();
  }
}
