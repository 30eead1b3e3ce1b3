package dev.featuremap.layer.convolution;

/**
 * The taps of one dimension of a field that meet the input pixels {@code remainder + stride · q}:
 * every {@code stride}-th from {@code first} on.
 *
 * @param first the first tap
 * @param stride their distance
 * @param count how many there are, or 0
 * @param before places of zeros before the output gradient, which the last tap needs at the first
 *     pixel; where negative, that many of its values meet no pixel
 * @param remainder the first pixel
 * @param pixels how many pixels there are
 */
record StrideTaps(int first, int stride, int count, int before, int remainder, int pixels) {

  /** The taps of a field over {@code size} pixels with {@code padding} pixels before them. */
  static StrideTaps of(int field, int stride, int padding, int remainder, int size) {
    int first = (remainder + padding) % stride;
    int count = first < field ? (field - 1 - first) / stride + 1 : 0;
    int before = count - 1 - (remainder + padding) / stride;
    return new StrideTaps(
        first, stride, count, before, remainder, (size - remainder + stride - 1) / stride);
  }

  /** Places of the output gradient, zeros included, that the taps slide over. */
  int places() {
    return pixels + count - 1;
  }

  /** The tap that comes at {@code index} when they are turned. */
  int turned(int index) {
    return first + (count - 1 - index) * stride;
  }

  /** The pixel at {@code index}. */
  int pixel(int index) {
    return remainder + index * stride;
  }
}
