package dev.featuremap.metric;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The score that each image of a set has for its own class, by class and sorted. With them every
 * part of the set can count by itself how its images rank among those of each class, so that an
 * exact area under the curve takes memory for the images and the classes, never for their product.
 */
public final class LabelScores implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] starts; // by class, and the end
  private final float[] scores;

  /**
   * Sorts the scores of a set.
   *
   * @param labels the class of each image
   * @param ofLabel its score for that class
   */
  public LabelScores(int classes, int[] labels, float[] ofLabel) {
    starts = new int[classes + 1];
    for (int label : labels) {
      starts[label + 1]++;
    }
    for (int c = 0; c < classes; c++) {
      starts[c + 1] += starts[c];
    }
    int[] next = Arrays.copyOf(starts, classes);
    scores = new float[labels.length];
    for (int image = 0; image < labels.length; image++) {
      scores[next[labels[image]]++] = ofLabel[image];
    }
    for (int c = 0; c < classes; c++) {
      Arrays.sort(scores, starts[c], starts[c + 1]);
    }
  }

  int classes() {
    return starts.length - 1;
  }

  /** Images of all classes. */
  long images() {
    return scores.length;
  }

  /** Images of a class. */
  long images(int label) {
    return (long) starts[label + 1] - starts[label];
  }

  /** Twice the images of a class that have a higher score, and once those of the same score. */
  long halvesAbove(int label, float score) {
    int end = starts[label + 1];
    int above = first(label, score, true);
    int equal = above - first(label, score, false);
    return 2L * (end - above) + equal;
  }

  /** The first place of a score of that class that is higher, or not lower. */
  private int first(int label, float score, boolean higher) {
    int low = starts[label];
    int high = starts[label + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean before = higher ? scores[middle] <= score : scores[middle] < score;
      if (before) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
