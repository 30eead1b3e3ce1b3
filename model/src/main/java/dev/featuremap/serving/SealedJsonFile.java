package dev.featuremap.serving;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.featuremap.data.Sha256;
import dev.featuremap.format.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads the JSON files that tell of checkpoints and published models: one line, {@code
 * {"sha256":"…","name":value}}, whose line feed proves that it is finished. The hash is of the
 * value's bytes.
 */
final class SealedJsonFile {
  private static final String HEAD = "{\"sha256\":\"%s\",\"%s\":";
  private static final String END = "}\n";
  private static final int FORMAT = 1;

  private SealedJsonFile() {}

  /**
   * The value, an object of the format that is known; nothing if the file was never finished.
   *
   * @throws FormatException if it is damaged, or of another format
   * @throws ConfigException if it is not JSON, or has no format
   */
  static Optional<Config> read(Path file, String name) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int begin = HEAD.formatted("0".repeat(64), name).length();
    int end = bytes.length - END.length();
    if (end < begin || bytes[end] != '}' || bytes[end + 1] != '\n') {
      return Optional.empty();
    }
    byte[] value = Arrays.copyOfRange(bytes, begin, end);
    String digest = HexFormat.of().formatHex(Sha256.start().digest(value));
    byte[] head = HEAD.formatted(digest, name).getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(bytes, 0, begin, head, 0, begin)) {
      throw damaged(file, "its content does not match its own SHA-256");
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
