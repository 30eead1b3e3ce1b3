package dev.featuremap.loss;

import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import java.util.Arrays;

/**
 * The shares {@code y[c]} that the outputs of a lane should predict:
 *
 * <pre>
 *   y[c] = (1 - ε) · (s · [c = first class] + (1 - s) · [c = second class]) + ε / classes
 * </pre>
 *
 * <p>s: the share of the first class in a mixed image, 1 elsewhere; ε: the smoothing.
 */
final class TargetDistribution {
  private final int classes;
  private final float sharp; // 1 - ε
  private final float spread; // ε / classes

  TargetDistribution(int classes, double smoothing) {
    this.classes = classes;
    sharp = (float) (1 - smoothing);
    spread = (float) (smoothing / classes);
  }

  /** Rejects a lane count or a class that is out of range. */
  void check(Targets targets) {
    int images = targets.images();
    if (images < 1 || images > Lanes.COUNT) {
      throw new IllegalArgumentException(
          "Cannot compute a loss: expected 1 to %s images in a block, got %s."
              .formatted(Lanes.COUNT, images));
    }
    for (int lane = 0; lane < images; lane++) {
      check(targets.classes()[lane], lane);
      check(targets.others()[lane], lane);
    }
  }

  private void check(int label, int lane) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "Cannot compute a loss: expected labels from 0 to %s, got %s in lane %s."
              .formatted(classes - 1, label, lane));
    }
  }

  /** {@code Σ y[c] · outputs[c]} of a lane. */
  double weigh(float[] outputs, Targets targets, int lane) {
    double first = outputs[targets.classes()[lane] * Lanes.COUNT + lane];
    float share = targets.shares()[lane];
    if (share < 1) {
      double second = outputs[targets.others()[lane] * Lanes.COUNT + lane];
      first = share * first + (1 - share) * second;
    }
    if (spread == 0) {
      return first;
    }
    double sum = 0;
    for (int at = lane; at < classes * Lanes.COUNT; at += Lanes.COUNT) {
      sum += outputs[at];
    }
    return sharp * first + spread * sum;
  }

  /** {@code y[c]} of a lane, for all classes. */
  void sharesInto(Targets targets, int lane, double[] shares) {
    Arrays.fill(shares, spread);
    float share = targets.shares()[lane];
    shares[targets.classes()[lane]] += sharp * share;
    shares[targets.others()[lane]] += sharp * (1 - share);
  }

  /** Turns predictions into the gradient {@code p - y} in place; unused lanes become zero. */
  void subtractInPlace(float[] predictions, Targets targets) {
    int images = targets.images();
    for (int lane = 0; lane < images; lane++) {
      float share = targets.shares()[lane];
      predictions[targets.classes()[lane] * Lanes.COUNT + lane] -= sharp * share;
      if (share < 1) {
        predictions[targets.others()[lane] * Lanes.COUNT + lane] -= sharp * (1 - share);
      }
    }
    for (int c = 0; c < classes; c++) {
      for (int at = c * Lanes.COUNT; spread > 0 && at < c * Lanes.COUNT + images; at++) {
        predictions[at] -= spread;
      }
      Arrays.fill(predictions, c * Lanes.COUNT + images, (c + 1) * Lanes.COUNT, 0);
    }
  }
}
