package dev.featuremap.layer.normalization;

/**
 * Mean and variance of each channel over a mini-batch, joined from those of its blocks by the
 * formula of Chan, Golub and LeVeque 1979 in the order of the blocks, so that no sum cancels and no
 * bit depends on who described which block.
 */
final class BatchStatistics {
  private final int pixels;
  private final int[] images; // by block
  private final double[][] means; // [block][channel]
  private final double[][] squares; // [block][channel]

  /** Room for {@code blocks} blocks of {@code channels} with {@code pixels} each. */
  BatchStatistics(int blocks, int channels, int pixels) {
    this.pixels = pixels;
    images = new int[blocks];
    means = new double[blocks][channels];
    squares = new double[blocks][channels];
  }

  /** Sets how many images a block has. */
  void setImages(int block, int count) {
    images[block] = count;
  }

  /** The means of a block; the array is live. */
  double[] means(int block) {
    return means[block];
  }

  /** The sums of squared deviations of a block; the array is live. */
  double[] squares(int block) {
    return squares[block];
  }

  /** Values of a channel in the first {@code blocks} blocks. */
  double count(int blocks) {
    double count = 0;
    for (int block = 0; block < blocks; block++) {
      count += (double) images[block] * pixels;
    }
    return count;
  }

  /** Joins the blocks of a channel into the first one. */
  void join(int channel, int blocks) {
    double count = (double) images[0] * pixels;
    double mean = means[0][channel];
    double square = squares[0][channel];
    for (int block = 1; block < blocks; block++) {
      double more = (double) images[block] * pixels;
      double both = count + more;
      double distance = means[block][channel] - mean;
      mean += distance * (more / both);
      square += squares[block][channel] + distance * distance * (count * more / both);
      count = both;
    }
    means[0][channel] = mean;
    squares[0][channel] = square;
  }
}
