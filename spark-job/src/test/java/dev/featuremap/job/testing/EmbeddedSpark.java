package dev.featuremap.job.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Describes JVMs that run on the Spark home which the build makes of the resolved jars, just as
 * Spark's own scripts would start them, but without a script between a test and the process it
 * wants to kill.
 */
final class EmbeddedSpark {
  /** The JDK that runs the tests. */
  static final Path OWN_JDK = Path.of(System.getProperty("java.home"));

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path HOME = TARGET.resolve("spark");
  private static final Path CONFIGURATION = Path.of("..", "conf").toAbsolutePath().normalize();

  private EmbeddedSpark() {}

  /** Spark's configuration and jars, as a class path. */
  static String classPath() {
    return CONFIGURATION + File.pathSeparator + jars();
  }

  /** Spark's jars, as an entry of a class path. */
  static String jars() {
    return HOME.resolve("jars") + File.separator + "*";
  }

  /**
   * The jar that users submit; it exists from Maven's package phase on, so in integration tests.
   */
  static Path applicationJar() {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(TARGET, "featuremap-[0-9]*.jar")) {
      Iterator<Path> found = jars.iterator();
      if (!found.hasNext()) {
        throw new IllegalStateException(
            "Cannot submit a job: %s must hold the application's jar, got none. Run the test as an integration test (mvn verify)."
                .formatted(TARGET));
      }
      return found.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Describes a JVM that has the module options of Spark's launcher, speaks on loopback only and
   * writes its two streams to {@code <name>.out} and {@code <name>.err} in a directory.
   *
   * @param command the options after Spark's own: a class path, the main class and its arguments
   */
  static ProcessBuilder jvm(Path jdkHome, Path directory, String name, List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(jdkHome.resolve("bin").resolve("java").toString());
    line.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    // What a killed JVM cannot clean up stays where the test looks after it.
    line.addAll(List.of("-Djava.io.tmpdir=" + directory.toAbsolutePath(), "-XX:-UsePerfData"));
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectOutput(directory.resolve(name + ".out").toFile())
            .redirectError(directory.resolve(name + ".err").toFile());
    Map<String, String> environment = builder.environment();
    // What the machine's user has set for a Spark of his own must not reach the tests.
    environment.keySet().removeIf(key -> key.startsWith("SPARK_") || key.equals("MASTER"));
    environment.put("JAVA_HOME", jdkHome.toString());
    environment.put("SPARK_HOME", HOME.toString());
    environment.put("SPARK_CONF_DIR", CONFIGURATION.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder;
  }
}
