package dev.featuremap.tensor;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The sets of classes that images have where one image may have none, one or several: an image's
 * label is then the number of its set. So images with several labels are kept and sent as those
 * with one. A plain class, since it travels.
 */
public final class LabelSets implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int[][] sets;

  /**
   * Takes the sets as they are.
   *
   * @param classes that there are, at least 1
   * @param sets classes from 0 in ascending order, none twice
   */
  public LabelSets(int classes, int[]... sets) {
    for (int[] set : sets) {
      for (int k = 0; k < set.length; k++) {
        if (set[k] < (k == 0 ? 0 : set[k - 1] + 1) || set[k] >= classes) {
          throw new IllegalArgumentException(
              "Cannot make a set of labels: expected classes from 0 to %s in ascending order, got %s."
                  .formatted(classes - 1, Arrays.toString(set)));
        }
      }
    }
    this.classes = classes;
    this.sets = sets;
  }

  /** Classes that there are. */
  public int classes() {
    return classes;
  }

  /** How many sets there are. */
  public int size() {
    return sets.length;
  }

  /** The classes of a set in ascending order; the array is live. */
  public int[] of(int set) {
    return sets[set];
  }
}
