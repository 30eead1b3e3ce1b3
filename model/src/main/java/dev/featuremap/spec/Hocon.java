package dev.featuremap.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.net.URL;

/**
 * HOCON that is complete in itself. The text may come from anybody, and what is read is written to
 * disk again: therefore it reaches no file, no address, no environment and no system property.
 */
public final class Hocon {
  private Hocon() {}

  /**
   * Parses text; substitutions are not resolved yet.
   *
   * @param where what messages call the text
   * @throws ConfigException if it is not HOCON, has an {@code include}, or is longer or deeper than
   *     anybody writes
   */
  public static Config parse(String text, String where) {
    HoconText.check(text);
    return ConfigFactory.parseString(
        text,
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(where)
            .setIncluder(new RefusingIncluder()));
  }

  /**
   * Replaces <code>${key}</code> by the value of that key.
   *
   * @throws ConfigException if there is no such key, or if the result would be out of all
   *     proportion
   */
  public static Config resolve(Config config) {
    HoconExpansion.check(config);
    return config.resolve(ConfigResolveOptions.noSystem());
  }

  /** A text is all there is: what it says must not depend on other places. */
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
