package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16Test {

  @ParameterizedTest
  @CsvSource({
    "0x1p0, 0x1p0",
    "0x1.01p0, 0x1p0", // halves go to the even of both neighbours
    "0x1.03p0, 0x1.04p0",
    "0x1.010002p0, 0x1.02p0",
    "0x1.00fffep0, 0x1p0",
    "-0x1.03p-20, -0x1.04p-20",
    "-0.0, -0.0",
    "0x0.000002p-126, 0.0",
    "0x1.fep127, 0x1.fep127",
    "0x1.fffffep127, Infinity", // as float32 would round in its last place
    "-Infinity, -Infinity"
  })
  void roundsToTheNearest(float value, float expected) {
    assertThat(Bfloat16.widen(Bfloat16.nearest(value))).isEqualTo(expected);
  }

  @Test
  void keepsEveryNaNOne() {
    float lowest = Float.intBitsToFloat(0x7f800001);

    assertThat(Bfloat16.widen(Bfloat16.nearest(lowest))).isNaN();
    assertThat(Bfloat16.widen(Bfloat16.nearest(Float.NaN))).isNaN();
  }

  @Test
  void isExactWhereTheLowerHalfIsEmpty() {
    for (int upper = 0; upper < 1 << 16; upper++) {
      float value = Float.intBitsToFloat(upper << 16);
      if (!Float.isNaN(value)) {
        assertThat(Bfloat16.nearest(value)).isEqualTo((short) upper);
      }
    }
  }
}
