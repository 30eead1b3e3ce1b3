package dev.featuremap.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Repeated measurements of one thing, in images per second. */
final class Rates {
  private final List<Double> values = new ArrayList<>();

  void add(double imagesPerSecond) {
    values.add(imagesPerSecond);
  }

  double median() {
    return median(values);
  }

  /** Largest minus smallest, as a share of the median. */
  double spread() {
    return (Collections.max(values) - Collections.min(values)) / median();
  }

  /**
   * The median of the quotients of measurements that were taken one after the other, which slow
   * changes of the machine do not reach.
   */
  double ratioTo(Rates other) {
    List<Double> quotients = new ArrayList<>();
    for (int index = 0; index < values.size(); index++) {
      quotients.add(values.get(index) / other.values.get(index));
    }
    return median(quotients);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
