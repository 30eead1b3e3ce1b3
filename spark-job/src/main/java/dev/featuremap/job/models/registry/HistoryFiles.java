package dev.featuremap.job.models.registry;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.NumberedLog;
import dev.featuremap.job.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** The numbered entries of one published model. */
final class HistoryFiles {
  private final NumberedLog log;

  HistoryFiles(Storage storage, Path directory) {
    this.log = NumberedLog.ofJson(storage, directory);
  }

  /** The numbers in use, ascending; torn entries count too. */
  List<Long> numbers() {
    return log.numbers();
  }

  History all() {
    List<Long> numbers = numbers();
    List<HistoryEntry> entries = new ArrayList<>();
    numbers.forEach(number -> read(number).ifPresent(entries::add));
    return History.of(entries, NumberedLog.last(numbers));
  }

  /**
   * One entry; nothing when there is none, or only a torn one.
   *
   * @throws JobException with {@code BAD_DATA} if it is damaged
   */
  Optional<HistoryEntry> read(long number) {
    return log.read(number).flatMap(this::parse);
  }

  private Optional<HistoryEntry> parse(byte[] bytes) {
    try {
      return Optional.of(EntryFormat.fromBytes(bytes));
    } catch (BrokenSealException e) {
      if (e.unfinished()) {
        return Optional.empty();
      }
      throw damaged(e);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private JobException damaged(Exception reason) {
    return new JobException(
        ExitCode.BAD_DATA,
        "Cannot read the history in %s: %s.".formatted(log.directory(), reason.getMessage()),
        reason);
  }

  /** Takes the entry's number; false when another entry has it. */
  boolean create(HistoryEntry entry) {
    return log.create(entry.number(), EntryFormat.toBytes(entry));
  }
}
