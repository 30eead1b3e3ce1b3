package dev.featuremap.job.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The program that writes the files of a run. */
public final class Program {
  /** The name of {@link #VERSION} in these files. */
  public static final String KEY = "featuremap";

  /** The version of the build, which the POM alone states. */
  public static final String VERSION = read();

  private Program() {}

  private static String read() {
    try (InputStream in = Program.class.getResourceAsStream("/dev/featuremap/job/cli/version")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the version from the jar.", e);
    }
  }
}
