package dev.featuremap.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Types of elements that become {@code float}, by their names in safetensors. */
public enum FloatType {
  /** As it is, bit for bit. */
  F32(Float.BYTES) {
    @Override
    OptionalDouble decode(ByteBuffer from, float[] values, int at, int count) {
      from.asFloatBuffer().get(values, at, count);
      return OptionalDouble.empty();
    }
  },

  /** IEEE 754 binary16; each value has a float of its own. */
  F16(Short.BYTES) {
    @Override
    OptionalDouble decode(ByteBuffer from, float[] values, int at, int count) {
      for (int k = 0; k < count; k++) {
        values[at + k] = half(from.getShort());
      }
      return OptionalDouble.empty();
    }
  },

  /** The upper half of a float. */
  BF16(Short.BYTES) {
    @Override
    OptionalDouble decode(ByteBuffer from, float[] values, int at, int count) {
      for (int k = 0; k < count; k++) {
        values[at + k] = Float.intBitsToFloat(from.getShort() << 16);
      }
      return OptionalDouble.empty();
    }
  },

  /** IEEE 754 binary64, rounded to the nearest float, of two equally near to the even one. */
  F64(Double.BYTES) {
    @Override
    OptionalDouble decode(ByteBuffer from, float[] values, int at, int count) {
      OptionalDouble beyond = OptionalDouble.empty();
      for (int k = 0; k < count; k++) {
        double wide = from.getDouble();
        values[at + k] = (float) wide;
        if (Float.isInfinite(values[at + k]) && !Double.isInfinite(wide) && beyond.isEmpty()) {
          beyond = OptionalDouble.of(wide);
        }
      }
      return beyond;
    }
  };

  private static final int HALF_INFINITY = 0x7C00;

  private final int bytes;

  FloatType(int bytes) {
    this.bytes = bytes;
  }

  /** The type of that name, if it is one of these. */
  static Optional<FloatType> of(String dtype) {
    return Arrays.stream(values()).filter(type -> type.name().equals(dtype)).findFirst();
  }

  /** The names of all, for messages. */
  static String names() {
    return Arrays.stream(values()).map(FloatType::name).collect(Collectors.joining(", "));
  }

  /** Bytes of an element. */
  int bytes() {
    return bytes;
  }

  /**
   * Reads elements as floats.
   *
   * @param from little-endian, at the first element
   * @param at where in {@code values} the first one goes
   * @return the first finite element that is too large for a float; empty if there is none
   */
  abstract OptionalDouble decode(ByteBuffer from, float[] values, int at, int count);

  /** The value of a binary16: normal, subnormal, zero, infinite or not a number. */
  public static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = bits & 0x7FFF;
    if (magnitude >= HALF_INFINITY) {
      return Float.intBitsToFloat(sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13);
    }
    // Exponents are 112 apart; the product is exact, and normalizes what was subnormal.
    float value = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
  }
}
