package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.spec.Hocon;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads one HOCON file from any Hadoop file system. */
final class ConfigFile {
  // A configuration is a page of text; a data file given by mistake must not fill the heap.
  private static final int LARGEST_BYTES = 1 << 20;

  private ConfigFile() {}

  /**
   * Reads and parses a file; substitutions are not resolved yet.
   *
   * @param option how messages name it, for example {@code --config}
   * @throws JobException if it is missing (66), does not parse (64, naming the line) or cannot be
   *     read (74)
   */
  static Config read(String option, String uri, Configuration hadoop) {
    return parse(text(option, uri, Locations.parse(option, uri), hadoop), uri);
  }

  /**
   * The same for a file that another one names. It may be none that its author might read: no
   * message repeats what it holds.
   */
  static Config readForeign(String option, Path path, Configuration hadoop) {
    String text = text(option, path.toString(), path, hadoop);
    try {
      return Hocon.parse(text, path.toString());
    } catch (ConfigException e) {
      String place = e.origin() == null ? path.toString() : place(e.origin());
      throw JobException.usage("Cannot parse %s: it is not HOCON.".formatted(place));
    }
  }

  /** Parses text that came from {@code where}. */
  static Config parse(String text, String where) {
    try {
      return Hocon.parse(text, where);
    } catch (ConfigException e) {
      throw unusable(where, e);
    }
  }

  /** Replaces <code>${key}</code> by the value of that key, and by nothing from outside. */
  static Config resolve(Config config) {
    try {
      return Hocon.resolve(config);
    } catch (ConfigException e) {
      throw unusable("the configuration", e);
    }
  }

  /** The place of a value as messages name it: {@code file line 3}. */
  static String place(ConfigOrigin origin) {
    int line = origin.lineNumber();
    String suffix = ": " + line;
    String description = origin.description();
    return line > 0 && description.endsWith(suffix)
        ? description.substring(0, description.length() - suffix.length()) + " line " + line
        : description;
  }

  private static JobException unusable(String where, ConfigException e) {
    String place = e.origin() == null ? where : place(e.origin());
    String rule = withoutOrigin(e);
    // What does not parse may hold anything.
    return UriSecrets.problemOfText(where, rule).isPresent()
        ? JobException.usage("Cannot parse %s: it is not HOCON.".formatted(place))
        : new JobException(ExitCode.USAGE, "Cannot parse %s: %s".formatted(place, rule), e);
  }

  /** The parser's message without the place it starts with. */
  static String withoutOrigin(ConfigException e) {
    String place = e.origin() == null ? "" : e.origin().description() + ": ";
    String message = e.getMessage();
    return message.startsWith(place) ? message.substring(place.length()) : message;
  }

  private static String text(String option, String uri, Path path, Configuration hadoop) {
    try (InputStream in = FileSystems.of(path, hadoop).open(path)) {
      byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
      if (bytes.length > LARGEST_BYTES) {
        throw JobException.usage(
            "Cannot use %s: a configuration has at most %s bytes, and %s has more."
                .formatted(option, LARGEST_BYTES, uri));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(option, path, e);
    }
  }

  /** The failure of reading a file that a setting names. */
  static JobException unreadable(String option, Path path, Exception cause) {
    StorageFault fault = StorageFault.of(cause);
    String words =
        switch (fault) {
          case ABSENT -> "there is no such file.";
          case DENIED -> "permission denied.";
          case NO_FILE_SYSTEM ->
              "no file system is installed for %s:.".formatted(path.toUri().getScheme());
          default -> cause.getMessage();
        };
    // Hadoop refuses a host that it cannot find, or a path, as an illegal argument.
    ExitCode code = cause instanceof IOException ? fault.ofInput() : ExitCode.USAGE;
    return new JobException(code, "Cannot read %s %s: %s".formatted(option, path, words), cause);
  }
}
