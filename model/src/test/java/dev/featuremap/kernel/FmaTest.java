package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FmaTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    3f,
    Math.nextUp(1f),
    Math.nextDown(1f),
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    3 * Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Math.nextDown(Float.MAX_VALUE),
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    0x1p-24f,
    -0x1p-24f,
    0x1p-75f,
    0x1.8p-75f,
    0x1p-126f,
    0x1p-125f,
    0x1p104f,
    0x1p64f,
    0x1.fffffep63f,
    0x1p-100f,
    0x1p100f
  };

  @Test
  void isTheFmaOfThePlatformAtSpecialValues() {
    for (float a : SPECIAL) {
      for (float b : SPECIAL) {
        for (float c : SPECIAL) {
          check(a, b, c);
        }
      }
    }
  }

  @Test
  void isTheFmaOfThePlatformForAnyBits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 4_000_000; k++) {
      check(any(random), any(random), any(random));
    }
  }

  /** Sums where the last bits of the product decide which way a half is rounded. */
  @Test
  void isTheFmaOfThePlatformNextToHalves() {
    SplittableRandom random = new SplittableRandom(2);
    for (int k = 0; k < 4_000_000; k++) {
      float c = Float.intBitsToFloat(random.nextInt(0, 0x7f000000));
      // A product next to half of the distance between c and the next float, down to subnormals.
      double half = ((double) Math.nextUp(c) - c) / 2;
      float a = 1 + random.nextInt(-4, 5) * 0x1p-23f;
      float b = (float) (half / a) * (1 + random.nextInt(-1, 2) * 0x1p-23f);
      int sign = random.nextInt(4);
      check(sign < 2 ? a : -a, b, sign % 2 == 0 ? c : -c);
    }
  }

  @Test
  void isTheFmaOfThePlatformWhereResultsAreSubnormal() {
    SplittableRandom random = new SplittableRandom(3);
    for (int k = 0; k < 4_000_000; k++) {
      float a = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(-90, -40));
      float b = Math.scalb(1 + random.nextInt(1 << 12) * 0x1p-12f, random.nextInt(-90, -40));
      float c = Float.intBitsToFloat(random.nextInt(1 << random.nextInt(1, 24)));
      check(a, b, random.nextBoolean() ? c : -c);
    }
  }

  @Test
  void isTheFmaOfThePlatformWhereTheSumCancels() {
    SplittableRandom random = new SplittableRandom(4);
    for (int k = 0; k < 2_000_000; k++) {
      float a = (float) random.nextDouble(-2, 2);
      float b = (float) random.nextDouble(-2, 2);
      check(a, b, -(a * b));
    }
  }

  private static float any(SplittableRandom random) {
    return Float.intBitsToFloat(random.nextInt());
  }

  private static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float found = Fma.inDoubles(a, b, c);
    if (Float.floatToIntBits(found) != Float.floatToIntBits(expected)) {
      assertThat(found).as("%s * %s + %s", a, b, c).isEqualTo(expected);
    }
  }
}
