package dev.featuremap.image;

/**
 * Along one axis, which source pixels make up each target pixel, with integer weights of one sum.
 *
 * <p>Towards fewer pixels, a target pixel is the mean over the area it covers; towards more, the
 * line between the centres of its two neighbours, edges repeated (half-pixel centres). TensorFlow's
 * ways look at 2 or 4 neighbours however many pixels there are to be.
 */
final class Taps {
  /** TensorFlow looks cubics up at places of a grid as fine as this. */
  private static final int CUBIC_PLACES = 1024;

  /** Weights of cubics are rounded to whole multiples of 1/this. */
  private static final long CUBIC_UNIT = 1 << 22;

  final int[] first;
  final long[][] weights;
  final long total;

  private Taps(int[] first, long[][] weights, long total) {
    this.first = first;
    this.weights = weights;
    this.total = total;
  }

  static Taps of(int from, int to) {
    return to < from ? areas(from, to) : lines(from, to);
  }

  /**
   * Source pixel j covers {@code [j·to, (j+1)·to)}, target pixel i {@code [i·from, (i+1)·from)}.
   */
  private static Taps areas(int from, int to) {
    int[] first = new int[to];
    long[][] weights = new long[to][];
    for (int i = 0; i < to; i++) {
      long low = (long) i * from;
      long high = low + from;
      first[i] = (int) (low / to);
      int last = (int) ((high - 1) / to);
      weights[i] = new long[last - first[i] + 1];
      for (int j = first[i]; j <= last; j++) {
        weights[i][j - first[i]] = Math.min(high, (j + 1L) * to) - Math.max(low, (long) j * to);
      }
    }
    return new Taps(first, weights, from);
  }

  /** As {@code tf.image.resize} without antialiasing. */
  static Taps ofTensorflow(int from, int to, Resize.Filter filter) {
    return filter == Resize.Filter.BILINEAR ? lines(from, to) : cubics(from, to);
  }

  /** What lies outside of the image has no weight, and the others have the more. */
  private static Taps cubics(int from, int to) {
    int[] first = new int[to];
    long[][] weights = new long[to][];
    long unit = 2L * to;
    for (int i = 0; i < to; i++) {
      long centre = (2L * i + 1) * from - to;
      int left = (int) Math.floorDiv(centre, unit);
      double share = Math.floorMod(centre, unit) / (double) unit;
      double place = Math.rint(share * CUBIC_PLACES) / CUBIC_PLACES;
      first[i] = Math.max(0, left - 1);
      double[] exact = new double[Math.min(from, left + 3) - first[i]];
      double sum = 0;
      for (int tap = 0; tap < exact.length; tap++) {
        exact[tap] = PillowTaps.cubic(first[i] + tap - left - place);
        sum += exact[tap];
      }
      weights[i] = new long[exact.length];
      for (int tap = 0; tap < exact.length; tap++) {
        weights[i][tap] = Math.round(exact[tap] / sum * CUBIC_UNIT);
      }
    }
    return new Taps(first, weights, CUBIC_UNIT);
  }

  /** The centre of target pixel i lies at {@code ((2i+1)·from - to) / (2·to)}. */
  private static Taps lines(int from, int to) {
    int[] first = new int[to];
    long[][] weights = new long[to][];
    long unit = 2L * to;
    for (int i = 0; i < to; i++) {
      long centre = (2L * i + 1) * from - to;
      long left = Math.floorDiv(centre, unit);
      long share = Math.floorMod(centre, unit);
      if (left < 0 || left + 1 >= from) {
        first[i] = left < 0 ? 0 : from - 1;
        weights[i] = new long[] {unit};
      } else {
        first[i] = (int) left;
        weights[i] = new long[] {unit - share, share};
      }
    }
    return new Taps(first, weights, unit);
  }
}
