package dev.featuremap.job.path;

import dev.featuremap.job.failure.JobException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Whether this JVM can name local files: by its locale it decodes their names when it starts, and a
 * name that it cannot decode is another one, or none.
 */
public final class FileNames {
  private static final String PROPERTY = "sun.jnu.encoding";
  private static final char LOST = '\uFFFD';

  private FileNames() {}

  /** The name of the JVM's encoding of file names. */
  static String encoding() {
    return System.getProperty(PROPERTY, "UTF-8");
  }

  /**
   * Makes sure that a path, as text, is the same in this JVM's file names.
   *
   * @param what begins the message, for example {@code "Cannot read"}
   * @throws JobException with {@code USAGE} that says what to set
   */
  public static void require(String what, String path) {
    require(what, path, encoding());
  }

  static void require(String what, String path, String encoding) {
    if (!isAscii(path) && !isUtf8(encoding)) {
      throw unnamed(what, path, encoding);
    }
  }

  /**
   * Makes sure that the command line has come as it was given. Where names are not UTF-8, Java
   * replaces what it cannot decode; the system still knows the bytes.
   *
   * @throws JobException with {@code USAGE} if it has not
   */
  public static void requireArguments(String[] arguments) {
    if (!isUtf8(encoding()) && !isAscii(String.join(" ", arguments) + systemsArguments())) {
      throw JobException.usage(
          "Cannot read the command line: it has characters that are no ASCII, and this JVM's encoding is %s, which would lose them. Start it with LC_ALL=C.UTF-8, or another UTF-8 locale."
              .formatted(encoding()));
    }
  }

  /** What Linux has kept of the command line; empty elsewhere. */
  private static String systemsArguments() {
    try {
      return Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The name of an entry of a local directory.
   *
   * @throws JobException with {@code USAGE} if this JVM's locale cannot name it, {@code BAD_DATA}
   *     if no UTF-8 locale could
   */
  static String of(Path entry) {
    return of(entry, encoding());
  }

  static String of(Path entry, String encoding) {
    String name = String.valueOf(entry.getFileName());
    if (!isAscii(name) && !isUtf8(encoding)) {
      throw unnamed("Cannot use", shown(entry), encoding);
    }
    if (name.indexOf(LOST) >= 0 && !isSame(entry)) {
      throw JobException.badData(
          "Cannot use %s: its name is not UTF-8. Rename it.".formatted(shown(entry)));
    }
    return name;
  }

  private static JobException unnamed(String what, String path, String encoding) {
    return JobException.usage(
        "%s %s: this JVM's names of files are %s, which would lose its name. Start it with LC_ALL=C.UTF-8, or another UTF-8 locale; for executors set spark.executorEnv.LC_ALL=C.UTF-8."
            .formatted(what, path, encoding));
  }

  /** The bytes of a path, those that are no plain characters percent-encoded. */
  private static String shown(Path entry) {
    return "file:" + entry.toAbsolutePath().toUri().getRawPath().replaceAll("/$", "");
  }

  private static boolean isSame(Path entry) {
    try {
      return entry.getFileSystem().getPath(entry.toString()).equals(entry);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(character -> character < 128);
  }

  private static boolean isUtf8(String encoding) {
    return Charset.isSupported(encoding)
        && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
  }
}
