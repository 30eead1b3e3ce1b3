package dev.featuremap.testing;

import com.typesafe.config.Config;
import dev.featuremap.spec.Hocon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The defaults of {@code conf/train.conf}, above which settings are read. */
public final class Defaults {
  private static final Path FILE = Path.of("../conf/train.conf");

  private Defaults() {}

  /** The defaults of a section, as in {@code train.optimizer}. */
  public static Config of(String section) {
    try {
      return Hocon.parse(Files.readString(FILE), FILE.toString()).getConfig(section);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
