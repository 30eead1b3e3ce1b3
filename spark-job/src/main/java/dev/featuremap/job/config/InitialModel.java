package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.data.Sha256;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.spec.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The parameters that a run starts from in place of random ones. The digest is what determines the
 * result; where the file lies does not.
 *
 * @param path a safetensors file
 * @param sha256 of the whole file, in lower-case hexadecimal
 */
public record InitialModel(Path path, String sha256) {
  static final String FROM = "train.init-from";
  static final String SHA_256 = "train.init-sha256";

  private static final String COMPUTED = "the digest of the file";

  /** Completes settings that name a file without its digest, by reading the file. */
  static Config identify(Config settings, Configuration hadoop) {
    if (!isText(settings, FROM) || !settings.getIsNull(SHA_256)) {
      return settings;
    }
    String sha256 = digest(Locations.parse(FROM, settings.getString(FROM)), hadoop);
    return settings.withValue(SHA_256, ConfigValueFactory.fromAnyRef(sha256, COMPUTED));
  }

  /** True if these settings have their digest from the file itself, since no one gave it. */
  public static boolean isComputed(Config settings) {
    return settings.hasPath(SHA_256)
        && settings.getValue(SHA_256).origin().description().equals(COMPUTED);
  }

  private static boolean isText(Config settings, String key) {
    return settings.hasPath(key) && settings.getValue(key).valueType() == ConfigValueType.STRING;
  }

  private static String digest(Path path, Configuration hadoop) {
    try (InputStream in = FileSystems.of(path, hadoop).open(path);
        DigestInputStream digested = new DigestInputStream(in, Sha256.start())) {
      digested.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (IOException | IllegalArgumentException e) {
      throw ConfigFile.unreadable(FROM, path, e);
    }
  }

  /** Reads {@code init-from} and {@code init-sha256}, both or neither. */
  static Optional<InitialModel> read(Options train) {
    Optional<String> from = train.optionalText("init-from");
    Optional<String> sha256 = train.optionalText("init-sha256");
    if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
      train.problem(
          "Cannot use %s: expected 64 lower-case hexadecimal digits, got %s."
              .formatted(SHA_256, sha256.get()));
    } else if (from.isEmpty() && sha256.isPresent()) {
      train.problem("Cannot use %s: there is no %s.".formatted(SHA_256, FROM));
    }
    return from.flatMap(
        uri -> sha256.map(digest -> new InitialModel(Locations.parse(FROM, uri), digest)));
  }
}
