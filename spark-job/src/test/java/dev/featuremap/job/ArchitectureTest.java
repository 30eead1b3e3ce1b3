package dev.featuremap.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom in the job, and what no class of ours may do. */
class ArchitectureTest {
  private static final String JOB = "dev.featuremap.job.";

  /**
   * The rooms of the house, from the ground up: besides the JDK and the model, which rooms and
   * which libraries each may use. This is the one place that says so.
   */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("failure", Set.of("hadoop", "spark")),
          Map.entry("path", Set.of("failure", "hadoop")),
          Map.entry("record", Set.of("failure", "path", "hadoop", "jackson")),
          Map.entry("storage", Set.of("failure", "path", "hadoop", "jackson", "slf4j")),
          Map.entry("config", Set.of("failure", "path", "record", "hadoop", "hocon")),
          Map.entry(
              "images",
              Set.of(
                  "failure",
                  "path",
                  "config",
                  "cluster",
                  "hadoop",
                  "spark",
                  "kryo",
                  "compress",
                  "parquet",
                  "protobuf",
                  "jackson")),
          Map.entry(
              "watch",
              Set.of(
                  "failure",
                  "path",
                  "config",
                  "record",
                  "images",
                  "storage",
                  "hadoop",
                  "jackson",
                  "protobuf")),
          Map.entry("metrics", Set.of("record", "config", "watch", "spark", "dropwizard")),
          Map.entry("cluster", Set.of("failure", "spark", "kryo")),
          Map.entry(
              "training",
              Set.of(
                  "failure", "path", "record", "storage", "config", "images", "watch", "metrics",
                  "cluster", "hadoop", "spark", "jackson", "hocon", "slf4j")),
          Map.entry(
              "models",
              Set.of(
                  "failure",
                  "path",
                  "record",
                  "storage",
                  "images",
                  "training",
                  "hadoop",
                  "jackson",
                  "hocon",
                  "protobuf")),
          Map.entry(
              "commands",
              Set.of(
                  "failure",
                  "path",
                  "record",
                  "storage",
                  "config",
                  "images",
                  "cluster",
                  "training",
                  "models",
                  "hadoop",
                  "spark",
                  "kryo",
                  "parquet",
                  "jackson")),
          Map.entry(
              "ml",
              Set.of(
                  "failure",
                  "path",
                  "record",
                  "storage",
                  "config",
                  "images",
                  "cluster",
                  "training",
                  "models",
                  "hadoop",
                  "spark")),
          Map.entry(
              "cli",
              Set.of(
                  "failure",
                  "path",
                  "record",
                  "config",
                  "cluster",
                  "watch",
                  "training",
                  "models",
                  "commands",
                  "hadoop",
                  "spark",
                  "picocli")));

  private static final Map<String, List<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("hadoop", List.of("org.apache.hadoop..")),
          Map.entry("spark", List.of("org.apache.spark..", "scala..")),
          Map.entry("jackson", List.of("com.fasterxml.jackson..")),
          Map.entry("kryo", List.of("com.esotericsoftware.kryo..")),
          Map.entry("dropwizard", List.of("com.codahale.metrics..")),
          Map.entry("hocon", List.of("com.typesafe.config..")),
          Map.entry("slf4j", List.of("org.slf4j..")),
          Map.entry("protobuf", List.of("ai.onnx.proto..", "com.google.protobuf..")),
          Map.entry("parquet", List.of("org.apache.parquet..")),
          Map.entry("compress", List.of("org.apache.commons.compress..")),
          Map.entry("picocli", List.of("picocli..")));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.featuremap");

  static Stream<String> rooms() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void importsOnlyAlongTheArrows(String name) {
    List<String> allowed = new ArrayList<>(List.of("java..", JOB + name + ".."));
    for (String target : ARROWS.get(name)) {
      allowed.addAll(LIBRARIES.getOrDefault(target, List.of(JOB + target + "..")));
    }
    OURS.stream()
        .map(type -> type.getPackageName())
        .filter(model -> !model.startsWith(JOB))
        .distinct()
        .forEach(allowed::add);

    classes()
        .that()
        .resideInAPackage(JOB + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(OURS);
  }

  @Test
  void givesEveryRoomItsArrows() {
    Set<String> packages =
        OURS.stream()
            .map(type -> type.getPackageName())
            .filter(name -> name.startsWith(JOB))
            .map(name -> name.substring(JOB.length()).replaceFirst("\\..*", ""))
            .collect(Collectors.toSet());

    assertThat(packages).isEqualTo(ARROWS.keySet());
  }

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching(JOB + "(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void needsSparkMlInOnePackageAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(JOB + "ml")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark.ml..", "org.apache.spark.mllib..", JOB + "ml")
        .because("commands run where there is no spark-mllib")
        .check(OURS);
  }

  @Test
  void leavesTheEndOfTheProcessToSpark() {
    noClasses()
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("YARN reports even an exit with 0 as a failure")
        .check(OURS);
  }

  @Test
  void makesPathsOfTextInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage(JOB + "path")
        .should()
        .callConstructor(Path.class, String.class)
        .orShould()
        .callConstructor(Path.class, Path.class, String.class)
        .orShould()
        .callConstructor(Path.class, String.class, String.class)
        .orShould()
        .callConstructor(Path.class, String.class, Path.class)
        .orShould()
        .callConstructor(Path.class, URI.class)
        .orShould()
        .callMethod(Path.class, "getFileSystem", Configuration.class)
        .orShould()
        .callMethod(FileSystem.class, "globStatus", Path.class)
        .because("a name with a colon is no scheme, and one with brackets is no pattern")
        .check(OURS);
  }

  @Test
  void knowsNoJobInTheModel() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.featuremap.job..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.featuremap.job..", "org.apache..", "scala..")
        .check(OURS);
  }
}
