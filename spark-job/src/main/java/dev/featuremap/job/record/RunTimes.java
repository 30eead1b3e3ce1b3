package dev.featuremap.job.record;

/**
 * Where the wall time of a run went, in seconds, over all attempts; work that was lost with a
 * driver is in none of the parts.
 *
 * @param start what comes before the first round besides loading: Spark, finding the images, checks
 * @param load reading, decoding and shuffling the images
 * @param epochs the epochs together
 */
public record RunTimes(double start, double load, EpochTimes epochs) {

  /** The sum of the parts. */
  public double seconds() {
    return start + load + epochs.seconds();
  }
}
