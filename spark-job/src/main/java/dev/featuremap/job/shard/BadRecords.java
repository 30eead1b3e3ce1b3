package dev.featuremap.job.shard;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.source.BadRecord;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The records that are left out of a set.
 *
 * @param count how many
 * @param first a few of them, in the order of their ids
 */
public record BadRecords(long count, List<BadRecord> first) {
  /** How many messages name. */
  static final int SHOWN = 5;

  /** Those of all shards of a set. */
  public static BadRecords of(List<ShardLoad> loads) {
    return new BadRecords(
        loads.stream().mapToLong(ShardLoad::bad).sum(),
        loads.stream()
            .flatMap(load -> load.shown().stream())
            .sorted(Comparator.comparingLong(BadRecord::id))
            .limit(SHOWN)
            .toList());
  }

  /** These and those of another set. */
  public BadRecords plus(BadRecords other) {
    return new BadRecords(
        count + other.count,
        Stream.concat(first.stream(), other.first.stream()).limit(SHOWN).toList());
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
      throw JobException.badData(
          "Cannot use %s: data.max-bad-records allows %,d unusable, got %,d:%n%s%nMend or remove them, or allow more."
              .formatted(what, most, count, lines()));
    }
  }

  /** The first of them, one a line. */
  public String lines() {
    return first.stream().map(record -> "  " + record).collect(Collectors.joining("\n"))
        + (count > first.size() ? "\n  …" : "");
  }
}
