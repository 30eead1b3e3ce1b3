package dev.featuremap.job.models.registry;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.BrokenSealException;
import dev.featuremap.job.storage.Storage;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/** The numbered entries of one published model. */
final class HistoryFiles {
  private static final Pattern NAME = Pattern.compile("([0-9]{10})\\.json");

  private final Storage storage;
  private final Path directory;

  HistoryFiles(Storage storage, Path directory) {
    this.storage = storage;
    this.directory = directory;
  }

  /** The numbers in use, ascending; torn entries count too. */
  List<Long> numbers() {
    return storage.list(directory).stream().flatMap(HistoryFiles::number).sorted().toList();
  }

  private static Stream<Long> number(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Stream.of(Long.parseLong(matcher.group(1))) : Stream.empty();
  }

  History all() {
    List<Long> numbers = numbers();
    List<HistoryEntry> entries = new ArrayList<>();
    numbers.forEach(number -> read(number).ifPresent(entries::add));
    return History.of(entries, numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1));
  }

  /**
   * One entry; nothing when there is none, or only a torn one.
   *
   * @throws JobException with {@code BAD_DATA} if it is damaged
   */
  Optional<HistoryEntry> read(long number) {
    return storage.read(path(number), InputStream::readAllBytes).flatMap(this::parse);
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
        "Cannot read the history in %s: %s.".formatted(directory, reason.getMessage()),
        reason);
  }

  /** Takes the entry's number; false when another entry has it. */
  boolean create(HistoryEntry entry) {
    return storage.createIfAbsent(path(entry.number()), EntryFormat.toBytes(entry));
  }

  private Path path(long number) {
    return new Path(directory, String.format(Locale.ROOT, "%010d.json", number));
  }
}
