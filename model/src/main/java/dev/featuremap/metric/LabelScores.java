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

  private final long images;
  private final int[] starts; // by class, and the end
  private final float[] scores;

  /** Sorts the scores of a set whose images have one label each. */
  public LabelScores(int classes, int[] labels, float[] ofLabel) {
    this(classes, labels.length, labels, ofLabel);
  }

  /**
   * Sorts the scores of a set.
   *
   * @param images in the set
   * @param labels the class of each image, or all classes of each where it may have several
   * @param ofLabel its score for that class
   */
  public LabelScores(int classes, long images, int[] labels, float[] ofLabel) {
    this.images = images;
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

  /** How many classes there are. */
  public int classes() {
    return starts.length - 1;
  }

  /** Images of all classes. */
  long images() {
    return images;
  }

  /** Scores of all images for all their classes. */
  int size() {
    return scores.length;
  }

  /** The place of the first score of a class; those of the class follow, in ascending order. */
  int start(int label) {
    return starts[label];
  }

  float score(int place) {
    return scores[place];
  }

  /**
   * The place of the last score of a class that is not above this one; before the first if none.
   */
  int lastNotAbove(int label, float score) {
    return first(label, score, true) - 1;
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
