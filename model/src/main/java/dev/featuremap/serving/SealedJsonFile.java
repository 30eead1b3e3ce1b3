package dev.featuremap.serving;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.featuremap.format.BrokenSealException;
import dev.featuremap.format.FormatException;
import dev.featuremap.format.SealedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the {@link SealedJson} files that tell of checkpoints and published models. */
final class SealedJsonFile {
  private static final int FORMAT = 1;

  private SealedJsonFile() {}

  /**
   * The value, an object of the format that is known; nothing if the file was never finished.
   *
   * @throws FormatException if it is damaged, or of another format
   * @throws ConfigException if it is not JSON, or has no format
   */
  static Optional<Config> read(Path file, String name) throws IOException {
    byte[] value;
    try {
      value = SealedJson.open(name, Files.readAllBytes(file));
    } catch (BrokenSealException e) {
      if (e.unfinished()) {
        return Optional.empty();
      }
      throw damaged(file, e.getMessage());
    }
    Config json =
        ConfigFactory.parseString(
            new String(value, StandardCharsets.UTF_8),
            ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.JSON)
                .setOriginDescription(file.toString()));
    int format = json.getInt("format");
    if (format != FORMAT) {
      throw damaged(file, "its format is %s, expected %s".formatted(format, FORMAT));
    }
    return Optional.of(json);
  }

  static FormatException damaged(Path file, String why) {
    return new FormatException("Cannot read %s: %s.".formatted(file, why));
  }
}
