package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the neuron and its slope against the distribution function in double precision. */
class NormalGateTest {
  private static final int STEP = 9973;

  @Test
  void isWithinEightRoundingsOverTheWholeRange() {
    double largest = 0;
    for (float x : inputs(12f)) {
      double expected = x * distribution(x);
      largest = Math.max(largest, Math.abs(apply(x) - expected) / Math.abs(expected));
    }
    assertThat(largest).isLessThan(8 * 0x1p-24);
  }

  @Test
  void slopeIsWithinFourRoundingsOfOne() {
    double largest = 0;
    for (float x : inputs(12f)) {
      double density = StrictMath.exp(-0.5 * x * x) / StrictMath.sqrt(2 * Math.PI);
      largest = Math.max(largest, Math.abs(slope(x) - (distribution(x) + x * density)));
    }
    assertThat(largest).isLessThan(4 * 0x1p-24);
  }

  @Test
  void isExactlyHalfOfItsInputNearZero() {
    assertThat(apply(1e-20f)).isEqualTo(0.5e-20f);
    assertThat(apply(-1e-20f)).isEqualTo(-0.5e-20f);
    assertThat(slope(0f)).isEqualTo(0.5f);
  }

  private static float apply(float x) {
    float[] output = new float[1];
    Gate.GELU.apply(new float[] {x}, output, 0, 1);
    return output[0];
  }

  private static float slope(float x) {
    float[] gradient = new float[1];
    Gate.GELU.gradient(new float[] {x}, new float[] {1f}, gradient, 0, 1);
    return gradient[0];
  }

  /** Every 9973rd float of both signs from 1e-5 up to a limit. */
  private static List<Float> inputs(float limit) {
    List<Float> inputs = new ArrayList<>();
    for (int bits = Float.floatToRawIntBits(1e-5f);
        bits < Float.floatToRawIntBits(limit);
        bits += STEP) {
      inputs.add(Float.intBitsToFloat(bits));
      inputs.add(-Float.intBitsToFloat(bits));
    }
    return inputs;
  }

  /** {@code Φ(x)}: its series near zero, the continued fraction of its tail elsewhere. */
  private static double distribution(double x) {
    double density = StrictMath.exp(-0.5 * x * x) / StrictMath.sqrt(2 * Math.PI);
    double magnitude = Math.abs(x);
    if (magnitude < 4) {
      double term = x;
      double sum = x;
      for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
        term *= x * x / k;
        sum += term;
      }
      return x > -2 ? 0.5 + density * sum : density * tail(magnitude);
    }
    return x < 0 ? density * tail(magnitude) : 1 - density * tail(magnitude);
  }

  /** Mills' ratio {@code 1 / (x + 1 / (x + 2 / (x + 3 / …)))}. */
  private static double tail(double x) {
    double fraction = x;
    for (int k = 200; k > 0; k--) {
      fraction = x + k / fraction;
    }
    return 1 / fraction;
  }
}
