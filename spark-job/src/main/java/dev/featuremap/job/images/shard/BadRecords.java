package dev.featuremap.job.images.shard;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.BadRecord;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The records that are left out of a set: how many, and a few of them. Travels. */
public final class BadRecords implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No record is left out. */
  public static final BadRecords NONE = new BadRecords(0, Stream.empty());

  private static final int SHOWN = 5;

  private final long count;
  private final BadRecord[] first;

  private BadRecords(long count, Stream<BadRecord> records) {
    this.count = count;
    this.first = records.limit(SHOWN).toArray(BadRecord[]::new);
  }

  /** Those of all shards of a set. */
  public static BadRecords of(List<ShardLoad> loads) {
    return new BadRecords(
        loads.stream().mapToLong(load -> load.bad().count).sum(),
        sorted(loads.stream().flatMap(load -> Arrays.stream(load.bad().first))));
  }

  /** These and one more of the same set. */
  BadRecords with(BadRecord record) {
    return new BadRecords(
        count + 1, sorted(Stream.concat(Arrays.stream(first), Stream.of(record))));
  }

  /** These, then those of another set. */
  public BadRecords plus(BadRecords other) {
    return new BadRecords(
        count + other.count, Stream.concat(Arrays.stream(first), Arrays.stream(other.first)));
  }

  private static Stream<BadRecord> sorted(Stream<BadRecord> records) {
    return records.sorted(Comparator.comparingLong(BadRecord::id));
  }

  /** How many. */
  public long count() {
    return count;
  }

  /**
   * Ends the run if there are more than it endures.
   *
   * @param what the set, for messages
   * @param most the setting {@code data.max-bad-records}
   * @throws JobException with {@code BAD_DATA}
   */
  public void requireAtMost(int most, String what) {
    if (count > most) {
      throw JobException.listing(
          ExitCode.BAD_DATA,
          String.format(
              Locale.ROOT,
              "Cannot use %s: data.max-bad-records allows %,d unusable, got %,d:",
              what,
              most,
              count),
          shown().toList(),
          "Mend or remove them, or allow more.");
    }
  }

  /** The first of them in the order of their ids, one a line. */
  public String lines() {
    return shown().map("  "::concat).collect(Collectors.joining("\n"));
  }

  private Stream<String> shown() {
    Stream<String> records = Arrays.stream(first).map(BadRecord::toString);
    return count > first.length ? Stream.concat(records, Stream.of("…")) : records;
  }
}
