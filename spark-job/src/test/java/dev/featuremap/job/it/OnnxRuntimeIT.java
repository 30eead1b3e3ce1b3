package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.testing.SampleNetworks;
import dev.featuremap.job.testing.UnderTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime, in a process of its own, finds the logits that Featuremap finds. */
class OnnxRuntimeIT {
  private static final Path JAR = Path.of("target", "onnxruntime", "onnxruntime.jar");
  private static final Path PROGRAM =
      Path.of("src/test/resources/dev/featuremap/job/models/onnx/RunOnnx.java");

  /** Of the largest logit, and at least of 1. */
  private static final double TOLERANCE = 1e-4;

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private static Path samples;

  @BeforeAll
  static void runAll() throws IOException, InterruptedException {
    SampleNetworks.main(new String[] {samples.toString()});
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                JAR.toAbsolutePath().toString(),
                PROGRAM.toAbsolutePath().toString()));
    directories().forEach(directory -> command.add(directory.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  static Stream<Path> directories() throws IOException {
    try (Stream<Path> children = Files.list(samples)) {
      return children.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("directories")
  void findsTheSameLogits(Path directory) throws IOException {
    float[] expected = floats(directory.resolve("logits.bin"));
    float[] found = floats(directory.resolve("found.bin"));

    assertThat(found).hasSameSizeAs(expected);
    double scale = 1;
    for (float logit : expected) {
      scale = Math.max(scale, Math.abs(logit));
    }
    for (int k = 0; k < expected.length; k++) {
      assertThat((double) found[k]).isCloseTo(expected[k], within(TOLERANCE * scale));
    }
  }

  private static float[] floats(Path file) throws IOException {
    FloatBuffer buffer =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] floats = new float[buffer.remaining()];
    buffer.get(floats);
    return floats;
  }
}
