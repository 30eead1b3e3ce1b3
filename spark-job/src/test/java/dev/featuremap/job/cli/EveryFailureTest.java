package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.ExitCode;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every exception that Hadoop's, Spark's and Parquet's jars bring has a meaning, or is named. */
class EveryFailureTest {
  private static final Pattern JARS =
      Pattern.compile("(hadoop-client-(api|runtime)|hadoop-aws|spark|parquet)-.*\\.jar");

  /**
   * Families that stand for a defect, or for a failure that nobody can foresee: libraries within
   * the jars, and the parts of Spark that are no business of tables and files.
   */
  private static final List<String> UNFORESEEN =
      List.of(
          "org.apache.hadoop.shaded.",
          "org.apache.hadoop.thirdparty.",
          "org.sparkproject.",
          "org.apache.spark.Task",
          "org.apache.spark.api.python.",
          "org.apache.spark.deploy.",
          "org.apache.spark.executor.",
          "org.apache.spark.memory.",
          "org.apache.spark.ml.",
          "org.apache.spark.network.",
          "org.apache.spark.rpc.",
          "org.apache.spark.scheduler.",
          "org.apache.spark.shuffle.",
          "org.apache.spark.sql.catalyst.analysis.",
          "org.apache.spark.sql.catalyst.parser.",
          "org.apache.spark.sql.execution.QueryExecutionException",
          "org.apache.spark.sql.execution.adaptive.",
          "org.apache.spark.sql.execution.streaming.",
          "org.apache.spark.sql.metricview.",
          "org.apache.spark.sql.streaming.",
          "org.apache.spark.status.",
          "org.apache.spark.storage.",
          "org.apache.spark.util.");

  private static final List<Throwable> FAILURES = new ArrayList<>();

  @BeforeAll
  static void makeAll() throws IOException {
    ClassLoader loader = EveryFailureTest.class.getClassLoader();
    for (URL url : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
      if (url.openConnection() instanceof JarURLConnection jar
          && JARS.matcher(jar.getJarFileURL().getPath().replaceFirst(".*/", "")).matches()) {
        for (JarEntry entry : Collections.list(jar.getJarFile().entries())) {
          if (entry.getName().matches("(?!META-INF).*(Exception|Error|Fault|Failure)\\.class")) {
            make(entry.getName().replace(".class", "").replace('/', '.'), loader);
          }
        }
      }
    }
    assertThat(FAILURES).hasSizeGreaterThan(600);
  }

  private static void make(String name, ClassLoader loader) {
    try {
      Class<?> type = Class.forName(name, false, loader);
      if (Throwable.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
        Arrays.stream(type.getDeclaredConstructors())
            .map(EveryFailureTest::failure)
            .filter(made -> made != null && hasWords(made))
            .findFirst()
            .ifPresent(FAILURES::add);
      }
    } catch (ClassNotFoundException | LinkageError e) {
      // Of a library that is not there.
      return;
    }
  }

  private static Throwable failure(Constructor<?> constructor) {
    try {
      constructor.setAccessible(true);
      return (Throwable)
          constructor.newInstance(
              Arrays.stream(constructor.getParameterTypes())
                  .map(EveryFailureTest::argument)
                  .toArray());
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  /** Some need what they say, and have got nothing. */
  private static boolean hasWords(Throwable made) {
    try {
      return !made.toString().isEmpty();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static Object argument(Class<?> type) {
    if (type == String.class) {
      return "x";
    }
    if (type == scala.Option.class) {
      return scala.Option.empty();
    }
    return type.isPrimitive()
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }

  @Test
  void meansSomethingOrIsOfAFamilyThatIsNamed() {
    assertThat(
            FAILURES.stream()
                .filter(failure -> Failure.of(failure).code() == ExitCode.INTERNAL)
                .filter(failure -> !(failure instanceof SparkException))
                .map(failure -> failure.getClass().getName())
                .filter(name -> UNFORESEEN.stream().noneMatch(name::startsWith)))
        .isEmpty();
  }

  @Test
  void isCalledUnforeseenIfItIs() {
    assertThat(FAILURES)
        .filteredOn(failure -> Failure.of(failure).code() == ExitCode.INTERNAL)
        .allSatisfy(
            failure ->
                assertThat(Failure.of(failure).message())
                    .containsAnyOf("Cannot go on: unforeseen failure, got ", "has no memory left"));
  }

  @Test
  void neverTakesAFailureOfStorageForADefect() {
    assertThat(FAILURES)
        .filteredOn(IOException.class::isInstance)
        .filteredOn(failure -> !(failure instanceof ObjectStreamException))
        .hasSizeGreaterThan(150)
        .allSatisfy(
            failure -> {
              assertThat(Failure.of(failure).code()).isNotEqualTo(ExitCode.INTERNAL);
              assertThat(Failure.of(new SparkException("Job aborted", failure)).code())
                  .isEqualTo(Failure.of(failure).code());
              assertThat(Failure.of(new RuntimeException(failure)).code())
                  .isEqualTo(Failure.of(failure).code());
            });
  }

  @Test
  void saysItInOneLine() {
    assertThat(FAILURES)
        .filteredOn(failure -> Failure.of(failure).isForeseen())
        .allSatisfy(
            failure ->
                assertThat(Failure.of(failure).message())
                    .startsWith("Cannot ")
                    .endsWith(".")
                    .doesNotContain("\n"));
  }
}
