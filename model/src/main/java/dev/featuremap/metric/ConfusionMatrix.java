package dev.featuremap.metric;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Counts of images by actual and predicted class.
 *
 * <p>It takes memory for the pairs that occur, of which there are no more than images, or one value
 * for each pair where that is less. A ratio without a single image to divide by, such as the
 * precision of a class that was never predicted, is 0.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int FIRST_PLACES = 1 << 10;

  /** The longest array that every JVM allows. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  /** A pair takes 16 bytes, 3 of 8 places are in use at least, and growing holds the old half. */
  private static final int MOST_BYTES_OF_PAIR = 64;

  /** Told of each pair of classes that occurred. */
  @FunctionalInterface
  public interface Visitor {
    /** {@code count} images of class {@code actual}, at least 1, were taken for another. */
    void pair(int actual, int predicted, long count);
  }

  private final int classes;

  /** The pair at each place, plus 1, or 0 for none; null if each pair's place is its number. */
  private long[] pairs;

  private long[] counts; // by place
  private int used;

  /** An empty matrix of {@code classes} classes, at least 1. */
  public ConfusionMatrix(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException(
          "Cannot make a confusion matrix: expected at least 1 class, got " + classes + ".");
    }
    this.classes = classes;
    allocate(FIRST_PLACES);
  }

  /** The most memory, in bytes, that a matrix of so many classes takes for so many images. */
  public static long mostBytes(int classes, long images) {
    long all = (long) classes * classes;
    long dense = all > LONGEST ? Long.MAX_VALUE : 2 * Long.BYTES * all; // growing holds the old one
    return Math.min(dense, MOST_BYTES_OF_PAIR * Math.min(images, all) + Long.BYTES * FIRST_PLACES);
  }

  /** Counts one image. */
  public void add(int actual, int predicted) {
    add(number(actual, predicted), 1);
  }

  /** Adds the counts of another matrix of as many classes. */
  public void merge(ConfusionMatrix other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(
          "Cannot merge confusion matrices: expected "
              + classes
              + " classes, got "
              + other.classes
              + ".");
    }
    for (int place = 0; place < other.counts.length; place++) {
      if (other.counts[place] > 0) {
        add(other.pairAt(place), other.counts[place]);
      }
    }
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Images of class {@code actual} that were taken for {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[placeOf(number(actual, predicted))];
  }

  /** Shows all pairs that occurred, in no certain order. */
  public void forEach(Visitor visitor) {
    for (int place = 0; place < counts.length; place++) {
      if (counts[place] > 0) {
        long pair = pairAt(place);
        visitor.pair((int) (pair / classes), (int) (pair % classes), counts[place]);
      }
    }
  }

  /** Shows all pairs that occurred, by actual class and then by predicted one. */
  public void inOrder(Visitor visitor) {
    long[] numbers = new long[pairs == null ? 0 : used];
    int found = 0;
    for (int place = 0; place < counts.length; place++) {
      if (pairs != null && pairs[place] != 0) {
        numbers[found++] = pairs[place] - 1;
      }
    }
    if (pairs == null) {
      forEach(visitor);
    }
    Arrays.sort(numbers);
    for (long pair : numbers) {
      visitor.pair((int) (pair / classes), (int) (pair % classes), counts[placeOf(pair)]);
    }
  }

  /**
   * The pairs of different classes that occurred most, at most so many, the most frequent first; of
   * equals the one of the lower actual class, then of the lower predicted one.
   */
  public List<ConfusedPair> mostConfused(int most) {
    Comparator<ConfusedPair> rareFirst = ConfusedPair.FREQUENT_FIRST.reversed();
    PriorityQueue<ConfusedPair> kept = new PriorityQueue<>(rareFirst);
    forEach(
        (actual, predicted, count) -> {
          if (actual != predicted) {
            kept.add(new ConfusedPair(actual, predicted, count));
            if (kept.size() > most) {
              kept.remove();
            }
          }
        });
    return kept.stream().sorted(ConfusedPair.FREQUENT_FIRST).toList();
  }

  /** All images counted. */
  public long images() {
    return Arrays.stream(counts).sum();
  }

  /** Share of images whose prediction is right, 0 to 1. */
  public double accuracy() {
    long correct = 0;
    for (int c = 0; c < classes; c++) {
      correct += count(c, c);
    }
    return ratio(correct, images());
  }

  /** Of the images predicted as {@code label}, the share that are of it, 0 to 1. */
  public double precision(int label) {
    long predicted = 0;
    for (int actual = 0; actual < classes; actual++) {
      predicted += count(actual, label);
    }
    return ratio(count(label, label), predicted);
  }

  /** Of the images of {@code label}, the share that were predicted as it, 0 to 1. */
  public double recall(int label) {
    long actual = 0;
    for (int predicted = 0; predicted < classes; predicted++) {
      actual += count(label, predicted);
    }
    return ratio(count(label, label), actual);
  }

  private long number(int actual, int predicted) {
    if (actual < 0 || actual >= classes || predicted < 0 || predicted >= classes) {
      throw new IndexOutOfBoundsException(
          "Cannot count class %s predicted as %s: expected classes 0 to %s."
              .formatted(actual, predicted, classes - 1));
    }
    return (long) actual * classes + predicted;
  }

  private void add(long pair, long count) {
    int place = placeOf(pair);
    if (pairs != null && counts[place] == 0) {
      if (used >= pairs.length / 4 * 3) {
        grow();
        place = placeOf(pair);
      }
      if (pairs != null) {
        pairs[place] = pair + 1;
        used++;
      }
    }
    counts[place] += count;
  }

  private long pairAt(int place) {
    return pairs == null ? place : pairs[place] - 1;
  }

  /** Where a pair is, or would be. */
  private int placeOf(long pair) {
    if (pairs == null) {
      return (int) pair;
    }
    int last = pairs.length - 1;
    long mixed = pair * 0x9E3779B97F4A7C15L; // neighbours land far from each other
    int place = (int) (mixed >>> 32) & last;
    while (pairs[place] != 0 && pairs[place] != pair + 1) {
      place = (place + 1) & last;
    }
    return place;
  }

  private void grow() {
    long[] oldPairs = pairs;
    long[] oldCounts = counts;
    used = 0;
    allocate(2 * oldPairs.length);
    for (int place = 0; place < oldPairs.length; place++) {
      if (oldPairs[place] != 0) {
        add(oldPairs[place] - 1, oldCounts[place]);
      }
    }
  }

  /** Makes room for pairs at so many places, a power of two, or for all where that takes less. */
  private void allocate(int places) {
    long all = (long) classes * classes;
    boolean dense = all <= 2L * places;
    pairs = dense ? null : new long[places];
    counts = new long[dense ? (int) all : places];
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
