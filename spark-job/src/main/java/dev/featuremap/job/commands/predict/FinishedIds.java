package dev.featuremap.job.commands.predict;

import dev.featuremap.job.images.source.IdFilter;
import java.nio.LongBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/** Which records have their predictions in finished files: a bit each. */
final class FinishedIds implements IdFilter {
  private static final long serialVersionUID = 1L;

  /** Of 64 ids each, in a piece: 8 KiB. */
  private static final int WORDS = 1024;

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
    for (long[] piece : ids.mapPartitions(FinishedIds::pieces).collect()) {
      rows += piece[WORDS];
      int first = (int) piece[WORDS + 1] * WORDS * Long.SIZE;
      BitSet bits = BitSet.valueOf(LongBuffer.wrap(piece, 0, WORDS));
      bits.stream().forEach(bit -> all.set(first + bit));
    }
    return new FinishedIds(all, rows);
  }

  /**
   * The bits of a partition, in pieces of which none is empty; behind the bits of one stand how
   * many rows they come from and the number of the piece.
   */
  private static Iterator<long[]> pieces(Iterator<Long> ids) {
    Map<Integer, long[]> pieces = new HashMap<>();
    while (ids.hasNext()) {
      int id = Math.toIntExact(ids.next());
      int word = id / Long.SIZE;
      long[] piece = pieces.computeIfAbsent(word / WORDS, FinishedIds::emptyPiece);
      piece[word % WORDS] |= 1L << id;
      piece[WORDS]++;
    }
    return pieces.values().iterator();
  }

  private static long[] emptyPiece(int number) {
    long[] piece = new long[WORDS + 2];
    piece[WORDS + 1] = number;
    return piece;
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
