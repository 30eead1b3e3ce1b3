package dev.featuremap;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom in the model, and what nobody may call. */
class ArchitectureTest {
  private static final String ROOT = "dev.featuremap.";

  /**
   * What each package may use besides the JDK; {@code config} is the HOCON library, {@code imageio}
   * the JDK's readers of images and those of TwelveMonkeys. A use without an import counts: network
   * fills tensors by their {@code init}, format reads their shapes from {@code layer}.
   */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("tensor", Set.of()),
          Map.entry("random", Set.of()),
          Map.entry("metric", Set.of()),
          Map.entry("spec", Set.of("config")),
          Map.entry("kernel", Set.of("tensor")),
          Map.entry("kernel.scalar", Set.of("kernel", "tensor")),
          Map.entry("kernel.vector", Set.of("kernel", "kernel.scalar", "tensor")),
          Map.entry("init", Set.of("random")),
          Map.entry("loss", Set.of("kernel", "tensor", "spec", "config")),
          Map.entry("optimizer", Set.of("kernel", "spec")),
          Map.entry("image", Set.of("spec", "tensor", "imageio")),
          Map.entry("data", Set.of("random", "spec", "tensor")),
          Map.entry("augment", Set.of("data", "kernel", "random", "spec", "tensor")),
          Map.entry("layer", Set.of("init", "kernel", "tensor")),
          Map.entry("layer.channel", Set.of("layer", "kernel", "tensor", "spec")),
          Map.entry(
              "layer.convolution",
              Set.of("layer", "layer.window", "init", "kernel", "tensor", "spec")),
          Map.entry("layer.dense", Set.of("layer", "init", "kernel", "tensor", "spec")),
          Map.entry(
              "layer.elementwise", Set.of("layer", "init", "kernel", "tensor", "random", "spec")),
          Map.entry("layer.join", Set.of("kernel", "tensor")),
          Map.entry("layer.normalization", Set.of("layer", "init", "kernel", "tensor", "spec")),
          Map.entry("layer.pooling", Set.of("layer", "layer.window", "kernel", "tensor", "spec")),
          Map.entry("layer.window", Set.of("layer", "tensor", "spec", "config")),
          Map.entry(
              "network",
              Set.of(
                  "layer",
                  "layer.channel",
                  "layer.convolution",
                  "layer.dense",
                  "layer.elementwise",
                  "layer.join",
                  "layer.normalization",
                  "layer.pooling",
                  "init",
                  "loss",
                  "data",
                  "optimizer",
                  "kernel",
                  "tensor",
                  "spec",
                  "config")),
          Map.entry(
              "train",
              Set.of(
                  "network",
                  "augment",
                  "layer",
                  "loss",
                  "optimizer",
                  "metric",
                  "data",
                  "kernel",
                  "tensor",
                  "spec")),
          Map.entry(
              "format", Set.of("data", "network", "image", "layer", "optimizer", "train", "spec")),
          Map.entry(
              "serving",
              Set.of(
                  "format", "image", "network", "train", "data", "kernel", "tensor", "spec",
                  "config")));

  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "config", List.of("com.typesafe.config"),
          "imageio", List.of("javax.imageio..", "com.twelvemonkeys.imageio.."));

  /** Functions of {@link Math} whose last bit is the JDK's choice; {@link StrictMath} has none. */
  private static final Set<String> LOOSE_FUNCTIONS =
      Set.of(
          "exp", "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot", "sin", "cos", "tan",
          "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");

  private static final JavaClasses MODEL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.featuremap");

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsOnlyAlongTheArrows(String name) {
    List<String> allowed = new ArrayList<>(List.of("java..", "jdk.incubator..", ROOT + name));
    for (String target : ARROWS.get(name)) {
      allowed.addAll(LIBRARIES.getOrDefault(target, List.of(ROOT + target)));
    }

    classes()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(MODEL);
  }

  @Test
  void givesEveryPackageItsArrows() {
    Set<String> packages =
        MODEL.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()))
            .collect(Collectors.toSet());

    assertThat(packages).isEqualTo(ARROWS.keySet());
  }

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(MODEL);
  }

  @Test
  void keepsTheIncubatingModuleInVectorKernels() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "kernel.vector")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(MODEL);
  }

  @Test
  void leavesTheJvmToItsCaller() {
    noClasses()
        .should()
        .accessTargetWhere(
            calls(System.class, Set.of("exit")).or(calls(Runtime.class, Set.of("exit", "halt"))))
        .check(MODEL);
  }

  @Test
  void leavesMultiplyAddToTheClassThatIsFastEverywhere() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "kernel.Fma")
        .should()
        .accessTargetWhere(calls(Math.class, Set.of("fma")))
        .check(MODEL);
  }

  @Test
  void callsNoFunctionWhoseBitsDifferBetweenJdks() {
    noClasses().should().accessTargetWhere(calls(Math.class, LOOSE_FUNCTIONS)).check(MODEL);
  }

  @Test
  void drawsRandomNumbersByCounterOnly() {
    DescribedPredicate<JavaClass> generators =
        JavaClass.Predicates.assignableTo(RandomGenerator.class);

    noClasses().should().dependOnClassesThat(generators).check(MODEL);
    noClasses().should().accessTargetWhere(calls(Math.class, Set.of("random"))).check(MODEL);
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, Set<String> methods) {
    return describe(
        owner.getSimpleName() + " " + methods,
        access ->
            access.getTargetOwner().isEquivalentTo(owner) && methods.contains(access.getName()));
  }
}
