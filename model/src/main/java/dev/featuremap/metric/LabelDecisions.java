package dev.featuremap.metric;

import java.io.Serializable;

/**
 * Counts of the decisions about images that may have several labels: each class is predicted for an
 * image whose probability of it is at least one half. Sums of parts merge, in the order of the
 * parts.
 */
public final class LabelDecisions implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The spacing of doubles at 1: what is nearer to 0 or 1 counts as this far from it. */
  private static final double LEAST = 0x1p-52;

  private final long[] positives; // by class, as the following
  private final long[] predicted;
  private final long[] hits;
  private long images;
  private long exact;
  private double logLossSum;

  /** No decision yet. */
  public LabelDecisions(int classes) {
    this.positives = new long[classes];
    this.predicted = new long[classes];
    this.hits = new long[classes];
  }

  /**
   * Adds one image.
   *
   * @param probabilities {@code [image, class]}
   * @param image whose row it is
   * @param labels its classes in ascending order
   */
  public void add(float[] probabilities, int image, int[] labels) {
    int from = image * positives.length;
    int at = 0;
    boolean right = true;
    for (int c = 0; c < positives.length; c++) {
      boolean positive = at < labels.length && labels[at] == c;
      float probability = probabilities[from + c];
      boolean taken = probability >= 0.5f;
      at += positive ? 1 : 0;
      positives[c] += positive ? 1 : 0;
      predicted[c] += taken ? 1 : 0;
      hits[c] += positive && taken ? 1 : 0;
      right &= positive == taken && !Float.isNaN(probability);
      double ofTruth = positive ? probability : 1.0 - probability;
      logLossSum -= StrictMath.log(Math.min(1 - LEAST, Math.max(LEAST, ofTruth)));
    }
    images++;
    exact += right ? 1 : 0;
  }

  /** Adds the sums of another part. */
  public void merge(LabelDecisions other) {
    for (int c = 0; c < positives.length; c++) {
      positives[c] += other.positives[c];
      predicted[c] += other.predicted[c];
      hits[c] += other.hits[c];
    }
    images += other.images;
    exact += other.exact;
    logLossSum += other.logLossSum;
  }

  /** How many classes there are. */
  public int classes() {
    return positives.length;
  }

  /** Images added. */
  public long images() {
    return images;
  }

  /** Images that have a class. */
  long positives(int label) {
    return positives[label];
  }

  /** Images that a class was predicted for. */
  long predicted(int label) {
    return predicted[label];
  }

  /** Images that have a class and for which it was predicted. */
  long hits(int label) {
    return hits[label];
  }

  /**
   * Share of images of which all labels and no others are predicted, 0 to 1 ("subset accuracy");
   * NaN without images.
   */
  public double exactMatch() {
    return (double) exact / images;
  }

  /** Share of all decisions that are wrong, 0 to 1. */
  double hammingLoss() {
    long wrong = 0;
    for (int c = 0; c < positives.length; c++) {
      wrong += positives[c] + predicted[c] - 2 * hits[c];
    }
    return (double) wrong / images / positives.length;
  }

  /** F1 of all decisions together, 0 to 1; 0 where there is no label and none is predicted. */
  double microF1() {
    long all = 0;
    long right = 0;
    for (int c = 0; c < positives.length; c++) {
      all += positives[c] + predicted[c];
      right += hits[c];
    }
    return all == 0 ? 0 : 2.0 * right / all;
  }

  /** Mean of {@code -log} of what a decision gave to the truth, over images and classes. */
  double logLoss() {
    return logLossSum / images / positives.length;
  }
}
