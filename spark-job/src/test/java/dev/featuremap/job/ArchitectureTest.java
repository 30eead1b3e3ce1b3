package dev.featuremap.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom in the job, and what no class of ours may do. */
class ArchitectureTest {
  private static final String JOB = "dev.featuremap.job.";

  /** Besides the JDK and the model, which packages of the job and which libraries each may use. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("failure", Set.of()),
          Map.entry("run", Set.of("failure", "hadoop", "jackson")),
          Map.entry("checkpoint", Set.of("failure", "hadoop", "jackson", "slf4j")),
          Map.entry("image", Set.of("imageio")),
          Map.entry("config", Set.of("failure", "run", "image", "hadoop", "hocon")),
          Map.entry("page", Set.of("run", "image", "jackson")),
          Map.entry("track", Set.of("failure", "config", "run", "hadoop")),
          Map.entry("report", Set.of("config", "run", "track", "hadoop")),
          Map.entry("metrics", Set.of("config", "run", "track", "spark", "dropwizard")),
          Map.entry("mlflow", Set.of("config", "run", "track", "hadoop", "jackson")),
          Map.entry(
              "tensorboard",
              Set.of(
                  "config", "run", "track", "page", "image", "checkpoint", "hadoop", "protobuf")),
          Map.entry(
              "source",
              Set.of(
                  "failure",
                  "config",
                  "image",
                  "hadoop",
                  "spark",
                  "compress",
                  "parquet",
                  "jackson")),
          Map.entry(
              "pack",
              Set.of(
                  "failure",
                  "config",
                  "image",
                  "source",
                  "cluster",
                  "output",
                  "checkpoint",
                  "hadoop",
                  "spark",
                  "kryo",
                  "parquet",
                  "jackson")),
          Map.entry("output", Set.of("failure", "checkpoint", "hadoop", "parquet")),
          Map.entry(
              "predict",
              Set.of(
                  "failure",
                  "config",
                  "image",
                  "source",
                  "models",
                  "cluster",
                  "output",
                  "checkpoint",
                  "hadoop",
                  "spark",
                  "kryo",
                  "parquet",
                  "jackson")),
          Map.entry(
              "models",
              Set.of("failure", "run", "checkpoint", "registry", "source", "hadoop", "jackson")),
          Map.entry("registry", Set.of("failure", "checkpoint", "hadoop", "jackson")),
          Map.entry(
              "publish", Set.of("failure", "run", "checkpoint", "registry", "models", "hadoop")),
          Map.entry("onnx", Set.of("failure", "protobuf")),
          Map.entry("pytorch", Set.of("failure")),
          Map.entry(
              "export", Set.of("failure", "checkpoint", "models", "onnx", "pytorch", "hadoop")),
          Map.entry("shard", Set.of("failure", "config", "image", "source", "spark", "kryo")),
          Map.entry("cluster", Set.of("failure", "shard", "spark", "kryo")),
          Map.entry(
              "evaluate",
              Set.of(
                  "failure",
                  "models",
                  "run",
                  "checkpoint",
                  "config",
                  "image",
                  "source",
                  "shard",
                  "cluster",
                  "hadoop",
                  "spark")),
          Map.entry(
              "train",
              Set.of(
                  "failure",
                  "run",
                  "checkpoint",
                  "config",
                  "report",
                  "page",
                  "track",
                  "metrics",
                  "mlflow",
                  "tensorboard",
                  "image",
                  "source",
                  "shard",
                  "cluster",
                  "evaluate",
                  "hadoop",
                  "spark",
                  "jackson",
                  "hocon")),
          Map.entry(
              "ml",
              Set.of(
                  "failure",
                  "checkpoint",
                  "run",
                  "config",
                  "image",
                  "source",
                  "models",
                  "registry",
                  "cluster",
                  "train",
                  "hadoop",
                  "spark")),
          Map.entry(
              "cli",
              Set.of(
                  "failure",
                  "config",
                  "report",
                  "evaluate",
                  "train",
                  "pack",
                  "models",
                  "registry",
                  "export",
                  "predict",
                  "publish",
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
          Map.entry("imageio", List.of("javax.imageio..", "com.twelvemonkeys.imageio..")),
          Map.entry("picocli", List.of("picocli..")));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.featuremap");

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsOnlyAlongTheArrows(String name) {
    List<String> allowed = new ArrayList<>(List.of("java..", JOB + name));
    for (String target : ARROWS.get(name)) {
      allowed.addAll(LIBRARIES.getOrDefault(target, List.of(JOB + target)));
    }
    OURS.stream()
        .map(type -> type.getPackageName())
        .filter(model -> !model.startsWith(JOB))
        .distinct()
        .forEach(allowed::add);

    classes()
        .that()
        .resideInAPackage(JOB + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(OURS);
  }

  @Test
  void givesEveryPackageItsArrows() {
    Set<String> packages =
        OURS.stream()
            .map(type -> type.getPackageName())
            .filter(name -> name.startsWith(JOB))
            .map(name -> name.substring(JOB.length()))
            .collect(Collectors.toSet());

    assertThat(packages).isEqualTo(ARROWS.keySet());
  }

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching(JOB + "(*)..").should().beFreeOfCycles().check(OURS);
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
