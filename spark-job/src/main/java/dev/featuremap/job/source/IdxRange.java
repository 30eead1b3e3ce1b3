package dev.featuremap.job.source;

import java.util.stream.LongStream;

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

  /** The ids of the records: their indexes in the file. */
  long[] records() {
    return LongStream.range(from, to).toArray();
  }
}
