package dev.featuremap.job.config;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.spec.Options;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Paths that users give: URIs of Hadoop file systems, or paths on the default one. */
public final class Locations {
  // abfss://container@account is legitimate: only a colon before the @ gives a password away.
  private static final Pattern PASSWORD =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/]*:[^/]*@.*");

  private Locations() {}

  /**
   * The path that an option names.
   *
   * @throws JobException with {@code USAGE} if it is not one, or carries a password
   */
  public static Path parse(String option, String uri) {
    try {
      return path(option, uri);
    } catch (IllegalArgumentException e) {
      throw JobException.usage(e.getMessage());
    }
  }

  /** The path under a key that has a default; anything unusable becomes a problem. */
  static Path read(Options section, String key, String name) {
    try {
      return path(name, section.text(key, "."));
    } catch (IllegalArgumentException e) {
      section.problem(e.getMessage());
      return new Path(".");
    }
  }

  private static Path path(String name, String uri) {
    if (PASSWORD.matcher(uri).matches()) {
      throw new IllegalArgumentException(
          "Cannot use %s: a URI must not contain a password. Give credentials to Hadoop's configuration."
              .formatted(name));
    }
    try {
      return new Path(uri);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use %s: expected a path or URI, got \"%s\" (%s)."
              .formatted(name, uri, e.getMessage()),
          e);
    }
  }
}
