package dev.featuremap.loss;

import dev.featuremap.tensor.Lanes;

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

  /**
   * Adds one image; one whose loss is NaN is never correct, so that a network that diverged does
   * not score.
   */
  static void tally(
      int classes, float[] outputs, int lane, int label, double loss, LossTally tally) {
    boolean correct = !Double.isNaN(loss) && largest(classes, outputs, lane) == label;
    tally.add(loss, correct);
  }
}
