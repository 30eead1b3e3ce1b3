package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorSupportTest {
  private static final String SERVER = "OpenJDK 64-Bit Server VM, mixed mode, sharing";

  @Test
  void vectorsAreFastInTheJvmOfTheTests() {
    assertThat(VectorSupport.ofThisJvm()).isEqualTo(new VectorSupport(true, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:TieredStopAtLevel=0",
        "-XX:TieredStopAtLevel=1",
        "-XX:TieredStopAtLevel=3",
        "-XX:-UseCompiler",
        "-XX:CompilationMode=quick-only",
        "-XX:+NeverActAsServerClassMachine"
      })
  void choosesScalarKernelsWhereVectorsAreNotCompiled(String flag) throws IOException {
    assertThat(ChosenKernels.of(flag))
        .endsWith(
            "WARNING: kernels=scalar: training is many times slower than with vectors. Start the"
                + " JVM without "
                + flag
                + ".",
            "scalar");
  }

  @Test
  void choosesScalarKernelsWithoutFusedMultiplyAdd() throws IOException {
    assertThat(ChosenKernels.of("-XX:-UseFMA"))
        .endsWith(
            "WARNING: kernels=scalar: training is many times slower than with vectors. Start the"
                + " JVM without -XX:-UseFMA, on a processor with fused multiply-add (in QEMU: -cpu"
                + " host).",
            "scalar");
  }

  @Test
  void choosesScalarKernelsWithoutVectorInstructions() throws IOException {
    assertThat(ChosenKernels.of("-XX:+UnlockExperimentalVMOptions", "-XX:-EnableVectorSupport"))
        .endsWith(
            "WARNING: kernels=scalar: training is many times slower than with vectors. Start the"
                + " JVM without -XX:-EnableVectorSupport.",
            "scalar");
  }

  @Test
  void vectorKernelsCanBeAskedForWhereTheyAreSlow() throws IOException {
    assertThat(ChosenKernels.of("-XX:TieredStopAtLevel=1", "-Dfeaturemap.kernels=vector"))
        .hasSize(2)
        .first()
        .asString()
        .matches(
            "WARNING: kernels=vector/\\d+ lanes: training is many times slower than with scalar"
                + " kernels, since this JVM does not compile vectors\\. Start the JVM without"
                + " -XX:TieredStopAtLevel=1\\.");
  }

  @Test
  void scalarKernelsThatAreAskedForNeedNoWarning() throws IOException {
    assertThat(ChosenKernels.of("-XX:TieredStopAtLevel=1", "-Dfeaturemap.kernels=scalar"))
        .containsExactly("scalar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:-TieredCompilation", "-Xcomp", "-client", "-XX:TieredStopAtLevel=4"})
  void choosesVectorKernelsWhereC2Compiles(String flag) throws IOException {
    assertThat(ChosenKernels.of(flag)).singleElement().asString().startsWith("vector/");
  }

  @Test
  void namesAnotherCompiler() {
    assertThat(remedy(SERVER, Map.of("UseJVMCICompiler", "true")))
        .isEqualTo("Start the JVM without -XX:+UseJVMCICompiler.");
  }

  @Test
  void namesTheClientVm() {
    assertThat(remedy("OpenJDK Client VM, mixed mode", Map.of()))
        .isEqualTo("Start a server JVM with -server, got OpenJDK Client VM, mixed mode.");
  }

  @Test
  void trustsAJvmThatTellsNoOptions() {
    assertThat(remedy(SERVER, Map.of())).isEmpty();
  }

  @Test
  void ignoresTheLastTierWithoutTiers() {
    assertThat(remedy(SERVER, Map.of("TieredCompilation", "false", "TieredStopAtLevel", "1")))
        .isEmpty();
  }

  private static String remedy(String jvm, Map<String, String> options) {
    return VectorSupport.remedy(jvm, name -> options.getOrDefault(name, ""));
  }
}
