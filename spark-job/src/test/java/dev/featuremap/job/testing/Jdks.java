package dev.featuremap.job.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of the machine. */
public final class Jdks {
  private static final int FLOOR = 17;
  private static final Pattern FEATURE_VERSION = Pattern.compile("\"(\\d+).*");

  private Jdks() {}

  /**
   * The homes of other JDKs than the one that runs the tests, by feature version from 17 on: one
   * for each version, found beside it and in {@code /usr/lib/jvm}.
   */
  public static SortedMap<Integer, Path> others() {
    SortedMap<Integer, Path> homes = new TreeMap<>();
    for (Path parent : List.of(Path.of("/usr/lib/jvm"), EmbeddedSpark.OWN_JDK.getParent())) {
      for (Path home : directories(parent)) {
        int version = featureVersion(home);
        if (version >= FLOOR && version != Runtime.version().feature()) {
          homes.putIfAbsent(version, home);
        }
      }
    }
    return homes;
  }

  private static List<Path> directories(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Read from the file that every JDK has at its top; 0 for what is no JDK. */
  private static int featureVersion(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(release)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher version = FEATURE_VERSION.matcher(properties.getProperty("JAVA_VERSION", ""));
    return version.matches() ? Integer.parseInt(version.group(1)) : 0;
  }
}
