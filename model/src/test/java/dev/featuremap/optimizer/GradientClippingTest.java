package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientClippingTest {

  @Test
  void scalesALongGradientDownToTheMaximum() {
    float[] gradient = {3, 4};

    assertThat(GradientClipping.clipInPlace(gradient, 2, 2.5)).isEqualTo(5);
    assertThat(gradient).containsExactly(1.5f, 2);
  }

  @Test
  void leavesAGradientAtTheMaximumAsItIs() {
    float[] gradient = {3, 4};

    assertThat(GradientClipping.clipInPlace(gradient, 2, 5)).isEqualTo(5);
    assertThat(gradient).containsExactly(3, 4);
  }

  @Test
  void neitherCountsNorScalesWhatFollowsTheLength() {
    float[] gradient = {3, 4, 100};

    assertThat(GradientClipping.clipInPlace(gradient, 2, 1)).isEqualTo(5);
    assertThat(gradient[2]).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void leavesAGradientThatIsNotFiniteAsItIs(float value) {
    float[] gradient = {1, value, 2};

    assertThat(Double.isFinite(GradientClipping.clipInPlace(gradient, 3, 0.5))).isFalse();
    assertThat(gradient).containsExactly(1, value, 2);
  }

  @Test
  void doesNotOverflowAtTheLargestFloats() {
    float[] gradient = new float[16];
    Arrays.fill(gradient, Float.MAX_VALUE);

    assertThat(GradientClipping.norm(gradient, 16)).isEqualTo(4.0 * Float.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 1000})
  void sumsEveryLength(int length) {
    float[] values = new float[length + 3];
    Arrays.fill(values, 2);

    assertThat(GradientClipping.norm(values, length))
        .isCloseTo(Math.sqrt(4.0 * length), within(1e-12));
  }

  @Test
  void addsEightChainsInTheDocumentedTree() {
    float[] values = new float[10007];
    double[] chains = new double[8];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1f / (1 + i * 7919 % 1000);
      chains[i % 8] += i < 10000 ? (double) values[i] * values[i] : 0;
    }
    double sum =
        ((chains[0] + chains[4]) + (chains[2] + chains[6]))
            + ((chains[1] + chains[5]) + (chains[3] + chains[7]));
    for (int i = 10000; i < 10007; i++) {
      sum += (double) values[i] * values[i];
    }

    assertThat(GradientClipping.norm(values, values.length)).isEqualTo(Math.sqrt(sum));
  }

  @Test
  void cutsEachValueAtTheMaximum() {
    float[] gradient = {3, -4, 0.5f, -0.5f, Float.NEGATIVE_INFINITY, Float.NaN, 100};

    GradientClipping.clipValuesInPlace(gradient, 6, 0.75);

    assertThat(gradient).containsExactly(0.75f, -0.75f, 0.5f, -0.5f, -0.75f, Float.NaN, 100);
  }

  @Test
  void refusesAMaximumOfZero() {
    assertThatThrownBy(() -> GradientClipping.clipValuesInPlace(new float[1], 1, 0))
        .hasMessage("Cannot use clip-value: expected a number above 0, got 0.0.");
    assertThatThrownBy(() -> GradientClipping.clipInPlace(new float[1], 1, 0))
        .hasMessage("Cannot use clip-norm: expected a number above 0, got 0.0.");
  }
}
