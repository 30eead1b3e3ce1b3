package dev.featuremap.job.images.shard;

import dev.featuremap.job.failure.JobException;
import java.util.BitSet;
import java.util.Locale;

/** Makes sure that each record of a worker comes exactly once. */
final class ExactlyOnce {
  private final ShardLayout layout;
  private final int worker;
  private final BitSet positions = new BitSet();

  ExactlyOnce(ShardLayout layout, int worker) {
    this.layout = layout;
    this.worker = worker;
  }

  /**
   * The position of a record that comes.
   *
   * @throws JobException with {@code BAD_DATA} if it came before
   */
  int positionOf(long record) {
    int position = layout.positionOf(record);
    if (positions.get(position)) {
      throw failure(String.format(Locale.ROOT, "got record %d twice", record));
    }
    positions.set(position);
    return position;
  }

  /**
   * Ends the shard.
   *
   * @throws JobException with {@code BAD_DATA} if a record did not come
   */
  void requireAll() {
    int records = layout.sizeOf(worker);
    if (positions.cardinality() != records) {
      throw failure(
          String.format(Locale.ROOT, "got %d of %d records", positions.cardinality(), records));
    }
  }

  private JobException failure(String got) {
    return JobException.badData(
        String.format(
            Locale.ROOT,
            "Cannot assemble the shard of worker %d: each record must come exactly once, %s. %s",
            worker,
            got,
            "Did the data change while it was read? Start again."));
  }
}
