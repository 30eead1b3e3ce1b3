package dev.featuremap.loss;

/** Sums over images: loss in double, counts in long, so that they add up without drift. */
public final class LossTally {
  private double loss;
  private long correct;
  private long images;

  /** Adds one image. */
  public void add(double imageLoss, boolean isCorrect) {
    loss += imageLoss;
    correct += isCorrect ? 1 : 0;
    images++;
  }

  /** Adds the sums of another tally. */
  public void add(double lossSum, long correctSum, long imageCount) {
    loss += lossSum;
    correct += correctSum;
    images += imageCount;
  }

  /** Adds the sums of another tally. */
  public void add(LossTally other) {
    add(other.loss, other.correct, other.images);
  }

  /** Starts again from nothing. */
  public void reset() {
    loss = 0;
    correct = 0;
    images = 0;
  }

  /** Sum of the losses. */
  public double lossSum() {
    return loss;
  }

  /** Images whose largest output is their label. */
  public long correct() {
    return correct;
  }

  /** Images seen. */
  public long images() {
    return images;
  }

  /** Mean loss per image; NaN without images. */
  public double meanLoss() {
    return loss / images;
  }
}
