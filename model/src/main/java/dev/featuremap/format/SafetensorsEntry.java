package dev.featuremap.format;

import java.util.List;
import java.util.Optional;

/**
 * What a safetensors header says of one tensor.
 *
 * @param name the tensor's name
 * @param dtype the type of its elements
 * @param shape the length of each axis
 * @param begin its first byte, counted from the end of the header
 * @param end the byte after its last
 */
record SafetensorsEntry(String name, String dtype, List<Long> shape, long begin, long end) {

  /** How its elements become floats; empty if they do not. */
  Optional<FloatType> floats() {
    return FloatType.of(dtype);
  }

  /**
   * Rejects an entry that runs backwards, or one of floats whose bytes do not hold its shape.
   *
   * @param source the file, for messages
   */
  void check(String source) throws FormatException {
    if (floats().isPresent()) {
      checkShape(source, floats().get());
    } else if (begin > end) {
      throw refused(source, "its data_offsets [%s, %s] run backwards".formatted(begin, end));
    }
  }

  /**
   * Rejects an entry that is none of floats.
   *
   * @param source the file, for messages
   */
  void requireFloats(String source) throws FormatException {
    if (floats().isEmpty()) {
      throw refused(
          source,
          "only %s can be read, got %s. Save it in 32 bits, in PyTorch after model.float()"
              .formatted(FloatType.names(), dtype));
    }
  }

  private void checkShape(String source, FloatType type) throws FormatException {
    long bytes = type.bytes();
    try {
      for (long axis : shape) {
        bytes = Math.multiplyExact(bytes, axis);
      }
    } catch (ArithmeticException e) {
      throw new FormatException(
          refused(source, "shape %s exceeds 2^63 bytes".formatted(shape)).getMessage(), e);
    }
    if (begin > end || end - begin != bytes) {
      throw refused(
          source,
          "shape %s takes %s bytes, got data_offsets [%s, %s]".formatted(shape, bytes, begin, end));
    }
  }

  /** Bytes of its data. */
  long bytes() {
    return end - begin;
  }

  /** Elements of a tensor of floats. */
  long size() {
    return bytes() / floats().orElseThrow().bytes();
  }

  /** The error that this tensor breaks {@code rule}. */
  FormatException refused(String source, String rule) {
    return new FormatException("Cannot read tensor %s of %s: %s.".formatted(name, source, rule));
  }
}
