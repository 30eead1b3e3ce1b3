package dev.featuremap.metric;

import java.io.Serializable;

/**
 * Sums over images of what their predicted probabilities are worth. Tallies of parts merge, in the
 * order of the parts.
 */
public final class ProbabilityTally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bins of the calibration error. */
  public static final int BINS = 15;

  private static final int TOP = 5;

  /** The spacing of doubles at 1: what is nearer to 0 or 1 counts as this far from it. */
  private static final double LEAST = 0x1p-52;

  private final int classes;
  private double logLossSum;
  private long top5;
  private final long[] images = new long[BINS];
  private final long[] hits = new long[BINS];
  private final double[] confidenceSums = new double[BINS];

  /** An empty tally of predictions of so many classes. */
  public ProbabilityTally(int classes) {
    this.classes = classes;
  }

  /**
   * Adds one image.
   *
   * @param probabilities {@code [image, class]}
   * @param image whose row it is
   * @param label its class
   * @param prediction the class that it is taken for
   */
  public void add(float[] probabilities, int image, int label, int prediction) {
    int from = image * classes;
    float ofLabel = probabilities[from + label];
    logLossSum -= StrictMath.log(Math.min(1 - LEAST, Math.max(LEAST, ofLabel)));
    int before = 0;
    for (int c = 0; c < classes; c++) {
      float other = probabilities[from + c];
      // Of equals the higher class comes first, as in scikit-learn.
      before += other > ofLabel || (other == ofLabel && c > label) ? 1 : 0;
    }
    top5 += before < TOP ? 1 : 0;
    double confidence = probabilities[from + prediction];
    int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(confidence * BINS) - 1));
    images[bin]++;
    hits[bin] += prediction == label ? 1 : 0;
    confidenceSums[bin] += confidence;
  }

  /** Adds the sums of another tally. */
  public void merge(ProbabilityTally other) {
    logLossSum += other.logLossSum;
    top5 += other.top5;
    for (int bin = 0; bin < BINS; bin++) {
      images[bin] += other.images[bin];
      hits[bin] += other.hits[bin];
      confidenceSums[bin] += other.confidenceSums[bin];
    }
  }

  /**
   * Share of images whose class is among the 5 of highest probability, 0 to 1; NaN for at most 5
   * classes.
   */
  public double top5() {
    return classes <= TOP ? Double.NaN : (double) top5 / images();
  }

  /**
   * The mean of {@code -log p}, p: the probability of the image's class, kept between 2<sup>-52
   * </sup> and 1 - 2<sup>-52</sup>, as scikit-learn's {@code log_loss} does in double.
   */
  public double logLoss() {
    return logLossSum / images();
  }

  /**
   * The expected calibration error (Guo et al. 2017, "On calibration of modern neural networks",
   * equation 3), 0 to 1:
   *
   * <pre>
   *   ECE = Σ over bins b of |hits[b] - Σ confidence of the images in b| / images
   * </pre>
   *
   * <p>The confidence of an image is the probability of the class that it is taken for; {@value
   * #BINS} bins of equal width, of which the first is [0, 1/15] and the others are (k/15,
   * (k+1)/15].
   */
  public double calibrationError() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(hits[bin] - confidenceSums[bin]);
    }
    return sum / images();
  }

  private long images() {
    long sum = 0;
    for (long count : images) {
      sum += count;
    }
    return sum;
  }
}
