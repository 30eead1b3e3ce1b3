package dev.featuremap.metric;

import java.io.Serializable;

/**
 * Counts, for each class, the pairs of an image of it and one of another class in which the first
 * has the higher score. Whole numbers, so that the order in which parts are merged changes nothing.
 */
public final class RankTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] halves; // by class; a pair counts 2, one of equal scores 1

  /** An empty tally. */
  public RankTally(int classes) {
    this.halves = new long[classes];
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

  /** Both together; takes neither apart. */
  public RankTally plus(RankTally other) {
    RankTally sum = new RankTally(halves.length);
    for (int c = 0; c < halves.length; c++) {
      sum.halves[c] = halves[c] + other.halves[c];
    }
    return sum;
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
