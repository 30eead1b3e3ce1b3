package dev.featuremap.format;

import java.util.List;

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

  /**
   * Rejects an entry that is not F32 or whose bytes do not hold its shape.
   *
   * @param source the file, for messages
   */
  void check(String source) throws FormatException {
    if (!dtype.equals("F32")) {
      throw refused(
          source,
          "only F32 can be read, got %s. Save it in 32 bits, in PyTorch after model.float()"
              .formatted(dtype));
    }
    long bytes = Float.BYTES;
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

  /** The error that this tensor breaks {@code rule}. */
  FormatException refused(String source, String rule) {
    return new FormatException("Cannot read tensor %s of %s: %s.".formatted(name, source, rule));
  }
}
