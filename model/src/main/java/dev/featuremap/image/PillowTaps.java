package dev.featuremap.image;

/**
 * Along one axis, which source pixels make up each of some target pixels, with the weights of
 * Pillow's {@code resize}: a filter that is as wide as a target pixel where that is larger than a
 * source pixel, cut off at the edges, in fractions of {@value #FRACTION_BITS} bits.
 */
final class PillowTaps {
  /** What is left of 32 bits beside a byte and room for sums. */
  static final int FRACTION_BITS = 22;

  final int[] first;
  final int[][] weights;

  private PillowTaps(int[] first, int[][] weights) {
    this.first = first;
    this.weights = weights;
  }

  /**
   * The taps of target pixels {@code start … start + count - 1}.
   *
   * @param from how many source pixels there are
   * @param to how many target pixels all of them make
   */
  static PillowTaps of(int from, long to, long start, int count, Resize.Filter filter) {
    double scale = from / (double) to;
    double widening = Math.max(1, scale);
    double support = (filter == Resize.Filter.BILINEAR ? 1 : 2) * widening;
    double narrowing = 1 / widening;
    int[] first = new int[count];
    int[][] weights = new int[count][];
    for (int i = 0; i < count; i++) {
      double centre = (start + i + 0.5) * scale;
      first[i] = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(from, (int) (centre + support + 0.5));
      double[] exact = new double[end - first[i]];
      double sum = 0;
      for (int tap = 0; tap < exact.length; tap++) {
        exact[tap] = weight(filter, (tap + first[i] - centre + 0.5) * narrowing);
        sum += exact[tap];
      }
      weights[i] = new int[exact.length];
      for (int tap = 0; tap < exact.length; tap++) {
        double share = sum == 0 ? exact[tap] : exact[tap] / sum;
        double fixed = share * (1 << FRACTION_BITS);
        weights[i][tap] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
      }
    }
    return new PillowTaps(first, weights);
  }

  private static double weight(Resize.Filter filter, double x) {
    return filter == Resize.Filter.BILINEAR ? Math.max(0, 1 - Math.abs(x)) : cubic(x);
  }

  /** Keys' cubic with a = -1/2 at a distance. */
  static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
  }
}
