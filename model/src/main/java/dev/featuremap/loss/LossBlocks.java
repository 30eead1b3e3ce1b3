package dev.featuremap.loss;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** What all losses do alike with a block of outputs {@code [classes, 16]}. */
public final class LossBlocks {
  private LossBlocks() {}

  /** The class with the largest output in a lane, the first of equals; NaN is never larger. */
  public static int largest(int classes, float[] outputs, int lane) {
    int largest = 0;
    for (int c = 1; c < classes; c++) {
      if (outputs[c * Lanes.COUNT + lane] > outputs[largest * Lanes.COUNT + lane]) {
        largest = c;
      }
    }
    return largest;
  }

  /** Rejects a lane count or a label that is out of range. */
  static void check(int classes, int[] labels, int images) {
    if (images < 1 || images > Lanes.COUNT) {
      throw new IllegalArgumentException(
          "Cannot compute a loss: expected 1 to %d images in a block, got %d."
              .formatted(Lanes.COUNT, images));
    }
    for (int lane = 0; lane < images; lane++) {
      if (labels[lane] < 0 || labels[lane] >= classes) {
        throw new IllegalArgumentException(
            "Cannot compute a loss: expected labels from 0 to %d, got %d in lane %d."
                .formatted(classes - 1, labels[lane], lane));
      }
    }
  }

  /**
   * Adds one image; one whose loss is NaN is never correct, so that a network that diverged does
   * not score.
   */
  static void tally(
      int classes, float[] outputs, int lane, int label, double loss, LossTally tally) {
    boolean correct = !Double.isNaN(loss) && largest(classes, outputs, lane) == label;
    tally.add(loss, correct);
  }

  /** Turns predictions into the gradient {@code p - y} in place; unused lanes become zero. */
  static void subtractTargetsInPlace(int classes, float[] predictions, int[] labels, int images) {
    for (int lane = 0; lane < images; lane++) {
      predictions[labels[lane] * Lanes.COUNT + lane] -= 1;
    }
    for (int c = 0; c < classes && images < Lanes.COUNT; c++) {
      Arrays.fill(predictions, c * Lanes.COUNT + images, (c + 1) * Lanes.COUNT, 0);
    }
  }
}
