package dev.featuremap.metric;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Counts of images by actual and predicted class.
 *
 * <p>A ratio without a single image to divide by, such as the precision of a class that was never
 * predicted, is 0.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final long[] counts;

  /** An empty matrix of {@code classes} classes, at least 1. */
  public ConfusionMatrix(int classes) {
    if (classes < 1 || (long) classes * classes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot make a confusion matrix: expected 1 to 46340 classes, got %s."
              .formatted(classes));
    }
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /** Counts one image. */
  public void add(int actual, int predicted) {
    counts[index(actual, predicted)]++;
  }

  /**
   * Adds the counts of another matrix.
   *
   * @param otherCounts as {@link #counts} gives them, {@code [actual, predicted]}
   */
  public void merge(long[] otherCounts) {
    if (otherCounts.length != counts.length) {
      throw new IllegalArgumentException(
          "Cannot merge confusion matrices: expected %s counts of %s classes, got %s."
              .formatted(counts.length, classes, otherCounts.length));
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += otherCounts[i];
    }
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Images of class {@code actual} that were taken for {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[index(actual, predicted)];
  }

  /** A copy of all counts, {@code [actual, predicted]}. */
  public long[] counts() {
    return counts.clone();
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

  private int index(int actual, int predicted) {
    if (actual < 0 || actual >= classes || predicted < 0 || predicted >= classes) {
      throw new IndexOutOfBoundsException(
          "Cannot count class %s predicted as %s: expected classes 0 to %s."
              .formatted(actual, predicted, classes - 1));
    }
    return actual * classes + predicted;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
