package dev.featuremap.job.storage;

import dev.featuremap.job.path.PathText;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * The files of a directory that have numbers from 1 on. A number is created once: of several racing
 * writers exactly one gets it, and so everybody sees the same order.
 */
public final class NumberedLog {
  private final Storage storage;
  private final Path directory;
  private final String prefix;
  private final int digits;
  private final String suffix;

  /** A log of files such as {@code _start-00000001}, with so many digits after a prefix. */
  public NumberedLog(Storage storage, Path directory, String prefix, int digits) {
    this(storage, directory, prefix, digits, "");
  }

  private NumberedLog(Storage storage, Path directory, String prefix, int digits, String suffix) {
    this.storage = storage;
    this.directory = directory;
    this.prefix = prefix;
    this.digits = digits;
    this.suffix = suffix;
  }

  /** A log of files such as {@code 0000000001.json}. */
  public static NumberedLog ofJson(Storage storage, Path directory) {
    return new NumberedLog(storage, directory, "", 10, ".json");
  }

  /** The directory of the log. */
  public Path directory() {
    return directory;
  }

  /** The numbers in use, ascending, whatever their files hold; files of other names have none. */
  public List<Long> numbers() {
    String form = "\\Q%s\\E[0-9]{%s}\\Q%s\\E".formatted(prefix, digits, suffix);
    return storage.list(directory).stream()
        .filter(name -> name.matches(form))
        .map(name -> Long.parseLong(name, prefix.length(), prefix.length() + digits, 10))
        .sorted()
        .toList();
  }

  /** The highest number in use, or 0. */
  public long last() {
    return last(numbers());
  }

  /** The last of ascending numbers, or 0. */
  public static long last(List<Long> numbers) {
    return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
  }

  /** The file of a number. */
  public Path path(long number) {
    return PathText.child(
        directory, prefix + String.format(Locale.ROOT, "%0" + digits + "d", number) + suffix);
  }

  /**
   * Takes a number; false when another writer has it.
   *
   * @param content with something in it that no other writer has, as {@link Storage#createIfAbsent}
   *     wants it
   */
  public boolean create(long number, byte[] content) {
    return storage.createIfAbsent(path(number), content);
  }

  /** The content of a number's file; nothing when there is none. */
  public Optional<byte[]> read(long number) {
    return storage.read(path(number), InputStream::readAllBytes);
  }

  /** Deletes a number's file; nothing happens when there is none. */
  public void delete(long number) {
    storage.delete(path(number));
  }
}
