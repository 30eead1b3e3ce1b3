package dev.featuremap.metric;

import java.io.Serializable;

/**
 * Counts, for each class, the pairs of an image of it and one of another class in which the first
 * has the higher score. Whole numbers, so that the order in which parts are merged changes nothing.
 */
public final class RankTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] halves; // by class; a pair counts 2, one of equal scores 1

  /**
   * Images without a class by the place of the highest score of an image with it that is not above
   * theirs; empty where images have one label each.
   */
  private final int[] below;

  /** An empty tally of images with one label each. */
  public RankTally(int classes) {
    this(new long[classes], new int[0]);
  }

  /** An empty tally of images that may have several labels, with the scores for them. */
  public RankTally(LabelScores ofLabels) {
    this(new long[ofLabels.classes()], new int[ofLabels.size()]);
  }

  private RankTally(long[] halves, int[] below) {
    this.halves = halves;
    this.below = below;
  }

  /**
   * Adds one image, as one that is not of each class but its own.
   *
   * @param scores {@code [image, class]}
   * @param image whose row it is
   * @param ofLabels the scores of all images of the set for their own classes
   */
  public void add(float[] scores, int image, int label, LabelScores ofLabels) {
    int from = image * halves.length;
    for (int c = 0; c < halves.length; c++) {
      if (c != label) {
        halves[c] += ofLabels.halvesAbove(c, scores[from + c]);
      }
    }
  }

  /**
   * Adds one image that may have several labels.
   *
   * @param labels its classes in ascending order
   */
  public void add(float[] scores, int image, int[] labels, LabelScores ofLabels) {
    int from = image * halves.length;
    int at = 0;
    for (int c = 0; c < halves.length; c++) {
      if (at < labels.length && labels[at] == c) {
        at++;
        continue;
      }
      float score = scores[from + c];
      halves[c] += ofLabels.halvesAbove(c, score);
      int place = ofLabels.lastNotAbove(c, score);
      if (place >= ofLabels.start(c)) {
        below[place]++;
      }
    }
  }

  /** Both together; takes neither apart. */
  public RankTally plus(RankTally other) {
    RankTally sum = new RankTally(new long[halves.length], new int[below.length]);
    for (int c = 0; c < halves.length; c++) {
      sum.halves[c] = halves[c] + other.halves[c];
    }
    for (int place = 0; place < below.length; place++) {
      sum.below[place] = below[place] + other.below[place];
    }
    return sum;
  }

  /**
   * The average precision of each class, as scikit-learn's {@code average_precision_score} has it;
   * NaN where no image is of the class:
   *
   * <pre>
   *   AP = Σ over thresholds of (recall here - recall at the next higher one) · precision here
   * </pre>
   *
   * <p>Thresholds are the scores of images of the class; what has a score from there up is
   * predicted.
   *
   * @param ofLabels the scores of all images that were added
   */
  public double[] averagePrecisions(LabelScores ofLabels) {
    double[] averages = new double[halves.length];
    for (int c = 0; c < halves.length; c++) {
      averages[c] = averagePrecision(ofLabels, c);
    }
    return averages;
  }

  private double averagePrecision(LabelScores ofLabels, int label) {
    int start = ofLabels.start(label);
    long positives = ofLabels.images(label);
    int end = start + Math.toIntExact(positives);
    double sum = 0;
    long hits = 0;
    long misses = 0;
    int place = end - 1;
    while (place >= start) {
      float threshold = ofLabels.score(place);
      long equal = 0;
      while (place >= start && ofLabels.score(place) == threshold) {
        misses += below[place];
        equal++;
        place--;
      }
      hits += equal;
      sum += equal * ((double) hits / (hits + misses));
    }
    return sum / positives;
  }

  /**
   * The area under the receiver operating characteristic of each class against all others, which is
   * the share of the pairs (Hanley and McNeil 1982); NaN where there are none.
   *
   * @param ofLabels the scores of all images that were added
   */
  public double[] areas(LabelScores ofLabels) {
    double[] areas = new double[halves.length];
    for (int c = 0; c < halves.length; c++) {
      double with = ofLabels.images(c);
      double without = ofLabels.images() - ofLabels.images(c);
      areas[c] = halves[c] / 2.0 / (with * without);
    }
    return areas;
  }
}
