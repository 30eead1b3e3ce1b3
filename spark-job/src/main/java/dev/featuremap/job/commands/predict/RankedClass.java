package dev.featuremap.job.commands.predict;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the likeliest classes of an image.
 *
 * @param prediction the class
 * @param label its name
 */
record RankedClass(int prediction, String label, float probability) {

  /**
   * The classes with the largest logits, the largest first; of equals the first. What follows NaN
   * is not larger than it.
   *
   * @param most how many; all if there are fewer
   * @param names of all classes
   */
  static List<RankedClass> largest(
      int most, float[] logits, float[] probabilities, List<String> names) {
    List<RankedClass> ranked = new ArrayList<>();
    boolean[] taken = new boolean[logits.length];
    while (ranked.size() < Math.min(most, logits.length)) {
      int largest = largest(logits, taken);
      taken[largest] = true;
      ranked.add(new RankedClass(largest, names.get(largest), probabilities[largest]));
    }
    return ranked;
  }

  /** The class with the largest logit, of those that are not taken. */
  private static int largest(float[] logits, boolean[] taken) {
    int largest = -1;
    for (int k = 0; k < logits.length; k++) {
      if (!taken[k] && (largest < 0 || logits[k] > logits[largest])) {
        largest = k;
      }
    }
    return largest;
  }
}
