package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class KernelLookupTest {
  private static final VectorSupport COMPILED = new VectorSupport(true, "");

  @Test
  void testsRunOnVectorKernels() {
    assertThat(KernelLookup.kernels().name()).startsWith("vector/");
  }

  @Test
  void choosesOnce() {
    assertThat(KernelLookup.kernels()).isSameAs(KernelLookup.kernels());
  }

  @Test
  void vectorsAreTheBestThereIs() {
    assertThat(KernelLookup.choose("best", COMPILED).name()).startsWith("vector/");
  }

  @Test
  void scalarKernelsCanBeAskedFor() {
    assertThat(KernelLookup.choose("scalar", COMPILED).name()).isEqualTo("scalar");
  }

  @Test
  void fallsBackToScalarKernelsWithAWarning() {
    List<String> warnings = new ArrayList<>();
    Handler handler = new CheckpointListener(warnings);
    Logger logger = Logger.getLogger(KernelLookup.class.getName());
    logger.addHandler(handler);
    try {
      assertThat(KernelLookup.choose("best", VectorSupport.absent()).name()).isEqualTo("scalar");
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(warnings)
        .containsExactly(
            "kernels=scalar: training is many times slower than with vectors. Start the JVM with"
                + " --add-modules=jdk.incubator.vector.");
  }

  @Test
  void refusesVectorKernelsWithoutTheirModule() {
    assertThatThrownBy(() -> KernelLookup.choose("vector", VectorSupport.absent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot use vector kernels: the module jdk.incubator.vector is absent. Start the JVM"
                + " with --add-modules=jdk.incubator.vector.");
  }

  @Test
  void refusesUnknownKernels() {
    assertThatThrownBy(() -> KernelLookup.choose("gpu", COMPILED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot choose kernels: featuremap.kernels must be scalar or vector, got gpu.");
  }

  private static final class CheckpointListener extends Handler {
    private final List<String> messages;

    CheckpointListener(List<String> messages) {
      this.messages = messages;
    }

    @Override
    public void publish(LogRecord logRecord) {
      messages.add(logRecord.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
