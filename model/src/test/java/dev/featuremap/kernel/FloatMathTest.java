package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class FloatMathTest {
  private static final int STEP = 9973;

  private interface FloatFunction {
    float of(float x);
  }

  @Test
  void expIsWithinOneAndAHundredthUnits() {
    assertThat(largestError(FloatMath::exp, StrictMath::exp, -87f, 88f)).isLessThan(1.01);
  }

  @Test
  void expm1IsWithinTwoUnits() {
    assertThat(largestError(FloatMath::expm1, StrictMath::expm1, -87f, 88f)).isLessThan(2);
  }

  @Test
  void sigmoidIsWithinTwoAndAHalfUnits() {
    assertThat(largestError(FloatMath::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), -87f, 88f))
        .isLessThan(2.5);
  }

  @Test
  void tanhIsWithinOneAndAHalfUnits() {
    assertThat(largestError(FloatMath::tanh, StrictMath::tanh, -1e6f, 1e6f)).isLessThan(1.5);
  }

  /** In units in the last place, over every 9973rd float of both signs within the bounds. */
  private static double largestError(
      FloatFunction actual, DoubleUnaryOperator exact, float low, float high) {
    double largest = 0;
    for (int bits = 0; bits < Float.floatToRawIntBits(Math.max(-low, high)); bits += STEP) {
      for (float sign : new float[] {-1f, 1f}) {
        float x = sign * Float.intBitsToFloat(bits);
        if (x >= low && x <= high) {
          double expected = exact.applyAsDouble(x);
          double error = Math.abs(actual.of(x) - expected) / Math.ulp((float) expected);
          largest = Math.max(largest, error);
        }
      }
    }
    return largest;
  }

  @Test
  void expClampsItsArgument() {
    assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY)).isEqualTo(FloatMath.exp(-87f)).isPositive();
    assertThat(FloatMath.exp(Float.POSITIVE_INFINITY)).isEqualTo(FloatMath.exp(88f)).isFinite();
  }

  @Test
  void notANumberStaysNotANumber() {
    assertThat(FloatMath.exp(Float.NaN)).isNaN();
    assertThat(FloatMath.sigmoid(Float.NaN)).isNaN();
    assertThat(FloatMath.tanh(Float.NaN)).isNaN();
  }

  @Test
  void sigmoidSaturatesAtBothEnds() {
    assertThat(FloatMath.sigmoid(0f)).isEqualTo(0.5f);
    assertThat(FloatMath.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(FloatMath.sigmoid(Float.NEGATIVE_INFINITY)).isBetween(0f, 1e-38f);
  }

  @Test
  void tanhIsOdd() {
    for (float x : new float[] {1e-30f, 0.3f, 0.625f, 1f, 3.3f, 20f, Float.POSITIVE_INFINITY}) {
      assertThat(Float.floatToRawIntBits(FloatMath.tanh(-x)))
          .isEqualTo(Float.floatToRawIntBits(-FloatMath.tanh(x)));
    }
  }

  @Test
  void tanhSaturatesAtOne() {
    assertThat(FloatMath.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(FloatMath.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
  }
}
