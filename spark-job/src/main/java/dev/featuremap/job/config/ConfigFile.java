package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

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
    return parse(text(option, uri, hadoop), uri);
  }

  /** Parses text that came from {@code where}. */
  static Config parse(String text, String where) {
    try {
      return ConfigFactory.parseString(text, parseOptions(where));
    } catch (ConfigException e) {
      throw unusable(where, e);
    }
  }

  /** HOCON from {@code where}, in which {@code include} is refused. */
  static ConfigParseOptions parseOptions(String where) {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setOriginDescription(where)
        .setIncluder(new RefusingIncluder());
  }

  /**
   * Replaces <code>${key}</code> by the value of that key. The environment and system properties
   * take no part: a resolved configuration is written to disk, and they may hold secrets.
   */
  static Config resolve(Config config) {
    try {
      return config.resolve(ConfigResolveOptions.noSystem());
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
    return new JobException(
        ExitCode.USAGE, "Cannot parse %s: %s".formatted(place, withoutOrigin(e)), e);
  }

  /** The parser's message without the place it starts with. */
  static String withoutOrigin(ConfigException e) {
    String place = e.origin() == null ? "" : e.origin().description() + ": ";
    String message = e.getMessage();
    return message.startsWith(place) ? message.substring(place.length()) : message;
  }

  private static String text(String option, String uri, Configuration hadoop) {
    Path path = Locations.parse(option, uri);
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
      if (bytes.length > LARGEST_BYTES) {
        throw JobException.usage(
            "Cannot use %s: a configuration has at most %d bytes, and %s has more."
                .formatted(option, LARGEST_BYTES, uri));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw JobException.missingInput(
          "Cannot read %s %s: there is no such file.".formatted(option, path), e);
    } catch (AccessControlException e) {
      throw JobException.missingInput(
          "Cannot read %s %s: permission denied.".formatted(option, path), e);
    } catch (UnsupportedFileSystemException e) {
      throw new JobException(
          ExitCode.USAGE,
          "Cannot read %s %s: no file system is installed for %s:."
              .formatted(option, path, path.toUri().getScheme()),
          e);
    } catch (IOException e) {
      throw JobException.storageFailed(
          "Cannot read %s %s: %s".formatted(option, path, e.getMessage()), e);
    }
  }

  /** A file is all there is to a configuration: what it says must not depend on other places. */
  private static final class RefusingIncluder
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refusal(what.toString());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refusal(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    private static ConfigException refusal(String what) {
      return new ConfigException.Generic(
          "include \"%s\" is not supported. Copy its settings into this file.".formatted(what));
    }
  }
}
