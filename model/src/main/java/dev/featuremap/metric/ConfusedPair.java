package dev.featuremap.metric;

import java.util.Comparator;

/**
 * A class that was taken for another.
 *
 * @param actual the class of the images
 * @param predicted what they were taken for
 * @param count how many images
 */
public record ConfusedPair(int actual, int predicted, long count) {
  static final Comparator<ConfusedPair> FREQUENT_FIRST =
      Comparator.comparingLong((ConfusedPair pair) -> pair.count)
          .reversed()
          .thenComparingInt(pair -> pair.actual)
          .thenComparingInt(pair -> pair.predicted);
}
