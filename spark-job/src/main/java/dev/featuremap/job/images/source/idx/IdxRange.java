package dev.featuremap.job.images.source.idx;

/**
 * Neighbouring records of an IDX file that are read together.
 *
 * @param from the first record
 * @param to the record after the last, greater than {@code from}
 */
record IdxRange(long from, long to) {

  /** How many records the range holds. */
  int size() {
    return Math.toIntExact(to - from);
  }
}
