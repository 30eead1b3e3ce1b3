package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import dev.featuremap.spec.Options;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
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
      return path(name, section.text(key));
    } catch (IllegalArgumentException e) {
      section.problem(e.getMessage());
      return PathText.parse(".");
    }
  }

  /**
   * The settings with the paths of data, output and initial model on their file system, from its
   * root: they mean the same to whoever reads them later, in whatever directory. What is no path
   * stays as it is.
   */
  static Config qualify(Config settings, Configuration hadoop, List<String> problems) {
    Config qualified = settings;
    for (String key : List.of("data.path", "output.path", InitialModel.FROM)) {
      if (settings.hasPath(key) && settings.getValue(key).valueType() == ConfigValueType.STRING) {
        String absolute = qualify(key, settings.getString(key), hadoop, problems);
        qualified = qualified.withValue(key, ConfigValueFactory.fromAnyRef(absolute));
      }
    }
    return qualified;
  }

  private static String qualify(
      String name, String uri, Configuration hadoop, List<String> problems) {
    if (!isPath(uri) || PathText.parse(uri).toUri().getScheme() != null) {
      return uri;
    }
    try {
      Path path = PathText.parse(uri);
      return FileSystems.qualify(path, hadoop).toString();
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "Cannot use %s: %s is on the default file system, which cannot be used (%s). Give a URI."
              .formatted(name, uri, e.getMessage()));
      return uri;
    }
  }

  private static boolean isPath(String uri) {
    try {
      PathText.parse(uri);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Path path(String name, String uri) {
    if (PASSWORD.matcher(uri).matches()) {
      throw new IllegalArgumentException(
          "Cannot use %s: a URI must not contain a password. Give credentials to Hadoop's configuration."
              .formatted(name));
    }
    try {
      return PathText.parse(uri);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use %s: expected a path or URI, got \"%s\" (%s)."
              .formatted(name, uri, e.getMessage()),
          e);
    }
  }
}
