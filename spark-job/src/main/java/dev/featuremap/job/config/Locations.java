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
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Paths that users give: URIs of Hadoop file systems, or paths on the default one. */
public final class Locations {
  private Locations() {}

  /**
   * The path that an option names.
   *
   * @throws JobException with {@code USAGE} if it is not one, or has credentials
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

  /** The path under a key that may be null; anything unusable becomes a problem. */
  static Optional<Path> readOptional(Options section, String key, String name) {
    Optional<String> text = section.optionalText(key);
    try {
      return text.map(uri -> path(name, uri));
    } catch (IllegalArgumentException e) {
      section.problem(e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * The settings with the paths of data, output and initial model on their file system, from its
   * root: they mean the same to whoever reads them later, in whatever directory. What is no path
   * stays as it is.
   */
  static Config qualify(Config settings, Configuration hadoop, List<String> problems) {
    Config qualified = settings;
    for (String key : List.of("data.path", "data.table.images", "output.path", InitialModel.FROM)) {
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
      String root = FileSystem.getDefaultUri(hadoop).toString();
      Optional<String> secret = UriSecrets.problem(FileSystem.FS_DEFAULT_NAME_KEY, root);
      if (secret.isPresent()) {
        problems.add(secret.get());
        return uri;
      }
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
    Optional<String> secret = UriSecrets.problem(name, uri);
    if (secret.isPresent()) {
      throw new IllegalArgumentException(secret.get());
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
