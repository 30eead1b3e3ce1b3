package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.data.Sha256;
import dev.featuremap.format.TensorNames;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.spec.NamePattern;
import dev.featuremap.spec.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The parameters that a run starts from in place of random ones. The digest is what determines the
 * result; where the file lies does not.
 *
 * @param path a safetensors file
 * @param sha256 of the whole file, in lower-case hexadecimal
 * @param names what is said of the names in it
 */
public record InitialModel(Path path, String sha256, TensorNames names) {
  static final String FROM = "train.init-from";
  static final String SHA_256 = "train.init-sha256";
  static final String EXCEPT = "train.init-except";
  static final String NAMES = "train.init-names";

  private static final String COMPUTED = "the digest of the file";

  /**
   * Completes settings that say what to start from: by the file that is meant, and by its digest,
   * if there is none, by reading the file.
   *
   * @param files the file of a model that may be named in another way
   */
  static Config identify(Config given, Configuration hadoop, UnaryOperator<Path> files) {
    Config settings =
        isText(given, EXCEPT)
            ? given.withValue(
                EXCEPT, ConfigValueFactory.fromIterable(List.of(given.getString(EXCEPT))))
            : given;
    if (!isText(settings, FROM)) {
      return settings;
    }
    Path path = files.apply(Locations.parse(FROM, settings.getString(FROM)));
    Config named = settings.withValue(FROM, ConfigValueFactory.fromAnyRef(path.toString()));
    return settings.getIsNull(SHA_256)
        ? named.withValue(SHA_256, ConfigValueFactory.fromAnyRef(digest(path, hadoop), COMPUTED))
        : named;
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

  /**
   * Reads {@code init-from} and {@code init-sha256}, both or neither, and what needs them: {@code
   * init-except} and {@code init-names}.
   */
  static Optional<InitialModel> read(Options train) {
    Optional<String> from = train.optionalText("init-from");
    Optional<String> sha256 = train.optionalText("init-sha256");
    TensorNames names = new TensorNames(except(train), renamed(train));
    if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
      train.problem(
          "Cannot use %s: expected 64 lower-case hexadecimal digits, got %s."
              .formatted(SHA_256, sha256.get()));
    } else if (from.isEmpty() && sha256.isPresent()) {
      train.problem("Cannot use %s: there is no %s.".formatted(SHA_256, FROM));
    }
    if (from.isEmpty() && !names.except().isEmpty()) {
      train.problem("Cannot use %s: there is no %s.".formatted(EXCEPT, FROM));
    }
    if (from.isEmpty() && !names.renamed().isEmpty()) {
      train.problem("Cannot use %s: there is no %s.".formatted(NAMES, FROM));
    }
    return from.flatMap(
        uri -> sha256.map(digest -> new InitialModel(Locations.parse(FROM, uri), digest, names)));
  }

  private static List<NamePattern> except(Options train) {
    return train.texts("init-except").stream().map(NamePattern::of).distinct().toList();
  }

  /** Names with dots need no quotes: {@code a.b = c} is the same as {@code "a.b" = c}. */
  private static Map<String, String> renamed(Options train) {
    Optional<ConfigValue> given = train.value("init-names");
    Map<String, String> renamed = new TreeMap<>();
    if (given.isPresent() && given.get() instanceof ConfigObject object) {
      for (Map.Entry<String, ConfigValue> name : object.toConfig().entrySet()) {
        renamed.put(
            String.join(".", ConfigUtil.splitPath(name.getKey())),
            name.getValue().valueType() == ConfigValueType.LIST
                ? ""
                : name.getValue().unwrapped().toString());
      }
    }
    if (given.isPresent() && (renamed.isEmpty() || renamed.containsValue(""))) {
      train.problem(
          "Cannot use %s: expected names of the network by those of the file, as in { classifier = fc }, got %s."
              .formatted(NAMES, given.get().render(ConfigRenderOptions.concise())));
    }
    return renamed;
  }
}
