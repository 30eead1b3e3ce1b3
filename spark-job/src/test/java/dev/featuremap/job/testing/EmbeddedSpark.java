package dev.featuremap.job.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Describes JVMs that run on the Spark home which the build makes of the resolved jars, just as
 * Spark's own scripts would start them, but without a script between a test and the process it
 * wants to kill.
 */
final class EmbeddedSpark {
  /**
   * Options that a JVM of the tests hands on to those that it starts: the locale of its execution,
   * and what its compilers leave out.
   */
  static final List<String> INHERITED =
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(
              option ->
                  option.matches(
                      "-Duser\\.(language|country|extensions)=.*"
                          + "|-XX:(\\+UnlockDiagnosticVMOptions|CompilerDirectivesFile=.*)"))
          .toList();

  /**
   * Options of JVMs that compute nothing, such as a master: they are done before C2 would pay,
   * which takes more than half of the processor time of a short job.
   */
  static final List<String> LIGHT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** The JDK that runs the tests. */
  static final Path OWN_JDK = Path.of(System.getProperty("java.home"));

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path HOME = TARGET.resolve("spark");
  private static final Path CONFIGURATION = Path.of("..", "conf").toAbsolutePath().normalize();

  private EmbeddedSpark() {}

  /** {@link #INHERITED} as a property of Spark's holds options of executors. */
  static String inherited() {
    return INHERITED.stream().map("\"%s\""::formatted).collect(Collectors.joining(" "));
  }

  /** Spark's jars and configuration, as a class path that {@link ClassArchive} fits. */
  static String classPath() {
    return jars() + File.pathSeparator + CONFIGURATION;
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
   * Describes a JVM that has the module options of Spark's launcher and those of the tests, speaks
   * on loopback only and writes its two streams to {@code <name>.out} and {@code <name>.err} in a
   * directory.
   *
   * @param command the options after Spark's own: a class path, the main class and its arguments
   */
  static ProcessBuilder jvm(Path jdkHome, Path directory, String name, List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(jdkHome.resolve("bin").resolve("java").toString());
    line.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    // What a killed JVM cannot clean up stays where the test looks after it.
    line.addAll(List.of("-Djava.io.tmpdir=" + directory.toAbsolutePath(), "-XX:-UsePerfData"));
    // Several JVMs share few cores, which threads that collect garbage would take from each other.
    line.add("-XX:+UseSerialGC");
    line.addAll(INHERITED);
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
