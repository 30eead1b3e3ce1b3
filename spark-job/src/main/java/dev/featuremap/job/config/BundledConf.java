package dev.featuremap.job.config;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The files of {@code conf/} as they travel in the jar. */
final class BundledConf {
  /** The networks one can name. A jar cannot be listed, so they are listed here. */
  static final List<String> NETWORKS =
      List.of(
          "seed",
          "shallow",
          "one-conv",
          "two-conv-sigmoid",
          "two-conv-relu",
          "two-conv-dropout",
          "four-conv-dropout",
          "lenet-5",
          "vgg-small",
          "resnet-8",
          "resnet-20",
          "resnet-32",
          "resnet-56",
          "resnet-18",
          "resnet-50",
          "mobilenet-like");

  private static final String DEFAULTS = "train.conf";

  private BundledConf() {}

  /** Every key with its default. */
  static Config defaults() {
    return Defaults.PARSED;
  }

  /** Parsed once: each unknown key of a configuration is compared with all that there are. */
  private static final class Defaults {
    static final Config PARSED = ConfigFile.parse(text(DEFAULTS), "the defaults (conf/train.conf)");
  }

  /** A network of {@link #NETWORKS}; substitutions are not resolved yet. */
  static Config network(String name) {
    String file = "networks/" + name + ".conf";
    return ConfigFile.parse(text(file), "conf/" + file);
  }

  private static String text(String file) {
    try (InputStream in = BundledConf.class.getResourceAsStream("/dev/featuremap/conf/" + file)) {
      Objects.requireNonNull(in, () -> "conf/%s is not in the jar".formatted(file));
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read conf/%s from the jar.".formatted(file), e);
    }
  }
}
