package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatTypeTest {

  @Test
  void givesEachHalfItsOwnValue() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float value = decode(FloatType.F16, (short) bits);
      double expected = half(bits);
      assertThat(Float.floatToIntBits(value))
          .as("0x%04X", bits)
          .isEqualTo(Float.floatToIntBits((float) expected));
      assertThat(Double.compare(value, expected)).isZero();
    }
  }

  @Test
  void keepsTheSignOfAHalfThatIsNotANumber() {
    assertThat(Float.floatToRawIntBits(decode(FloatType.F16, (short) 0xFE00)))
        .isEqualTo(0xFFC0_0000);
  }

  @Test
  void takesAShortFloatAsTheUpperHalf() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float value = decode(FloatType.BF16, (short) bits);
      assertThat(Float.floatToIntBits(value))
          .isEqualTo(Float.floatToIntBits(Float.intBitsToFloat(bits << 16)));
    }
  }

  /** Between 1 and the next float, 1 + 2^-23, and between the next two. */
  @ParameterizedTest
  @CsvSource({
    "0x1.000001p0, 0x1.0p0",
    "0x1.0000010000001p0, 0x1.000002p0",
    "0x1.000003p0, 0x1.000004p0",
    "-0x1.000003p0, -0x1.000004p0",
    "0x1.fffffeffffffep127, 0x1.fffffep127",
    "0x1.0p-150, 0",
    "0x1.8p-149, 0x1.0p-148",
    "0x1.0000000000001p-150, 0x1.0p-149",
    "-0.0, -0.0",
    "Infinity, Infinity",
    "-Infinity, -Infinity",
    "NaN, NaN",
  })
  void roundsADoubleToTheNearest(String wide, String near) {
    float[] values = new float[1];

    OptionalDouble beyond = FloatType.F64.decode(wide(Double.parseDouble(wide)), values, 0, 1);

    assertThat(Float.floatToIntBits(values[0]))
        .isEqualTo(Float.floatToIntBits(Float.parseFloat(near)));
    assertThat(beyond).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0x1.ffffffp127", "-1e39", "1e308"})
  void findsADoubleThatNoFloatIsNear(String wide) {
    double value = Double.parseDouble(wide);

    assertThat(FloatType.F64.decode(wide(value), new float[1], 0, 1)).hasValue(value);
  }

  @Test
  void knowsOnlyWhatBecomesAFloat() {
    assertThat(FloatType.of("F8_E4M3")).isEmpty();
    assertThat(FloatType.of("I32")).isEmpty();
    assertThat(FloatType.of("BF16")).hasValue(FloatType.BF16);
  }

  private static ByteBuffer wide(double value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).flip();
  }

  private static float decode(FloatType type, short bits) {
    float[] values = new float[3];
    ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(type.decode(bytes.putShort(bits).flip(), values, 1, 1)).isEmpty();
    assertThat(values[0]).isZero();
    assertThat(values[2]).isZero();
    return values[1];
  }

  /** IEEE 754-2008, table 3.5 and section 3.4. */
  private static double half(int bits) {
    double sign = bits >> 15 == 0 ? 1 : -1;
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb((double) fraction, -24)
        : sign * Math.scalb(1024.0 + fraction, exponent - 25);
  }
}
