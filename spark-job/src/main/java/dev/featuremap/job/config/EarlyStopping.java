package dev.featuremap.job.config;

import dev.featuremap.spec.Options;

/**
 * When a run ends before its last epoch.
 *
 * @param patience epochs in a row without a better test accuracy that are endured; 0 for any number
 * @param minDelta an accuracy is better if it lies more than this above the best so far, at least 0
 */
public record EarlyStopping(int patience, double minDelta) {

  static EarlyStopping read(Options section) {
    return new EarlyStopping(
        section.integer("patience", 0, Integer.MAX_VALUE),
        section.number("min-delta", "of at least 0", delta -> delta >= 0));
  }

  /** True when a run may end early. */
  public boolean isOn() {
    return patience > 0;
  }
}
