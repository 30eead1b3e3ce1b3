package dev.featuremap.job.predict;

import dev.featuremap.job.source.IdFilter;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** Which records have their predictions in finished files: a bit each. */
final class FinishedIds implements IdFilter {
  private static final long serialVersionUID = 1L;

  private final BitSet ids;
  private final long rows;

  private FinishedIds(BitSet ids, long rows) {
    this.ids = ids;
    this.rows = rows;
  }

  /** Collects the ids of all rows. */
  static FinishedIds of(JavaRDD<Long> ids) {
    BitSet all = new BitSet();
    long rows = 0;
    for (long[] part : ids.mapPartitions(FinishedIds::part).collect()) {
      int words = part.length - 1;
      all.or(BitSet.valueOf(LongBuffer.wrap(part, 0, words)));
      rows += part[words];
    }
    return new FinishedIds(all, rows);
  }

  /** The bits of a partition, and behind them how many rows it has. */
  private static Iterator<long[]> part(Iterator<Long> ids) {
    BitSet bits = new BitSet();
    long rows = 0;
    while (ids.hasNext()) {
      bits.set(Math.toIntExact(ids.next()));
      rows++;
    }
    List<long[]> parts = new ArrayList<>();
    if (rows > 0) {
      long[] words = bits.toLongArray();
      long[] part = Arrays.copyOf(words, words.length + 1);
      part[words.length] = rows;
      parts.add(part);
    }
    return parts.iterator();
  }

  /** Records that are finished. */
  long count() {
    return ids.cardinality();
  }

  /** Rows that were read; more than {@link #count} if a record has several. */
  long rows() {
    return rows;
  }

  /** True for those that are not finished. */
  @Override
  public boolean takes(long id) {
    return !ids.get((int) id);
  }
}
