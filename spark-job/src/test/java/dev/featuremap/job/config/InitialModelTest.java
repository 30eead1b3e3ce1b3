package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialModelTest {
  /** Of the text {@code abc}: FIPS 180-2, appendix B.1. */
  private static final String SHA_256 =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path directory;

  private final JobConfigLoader loader =
      new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"));

  @Test
  void recordsTheDigestOfTheFile() throws IOException {
    JobConfig config = load("train.init-from=" + file("a"));

    assertThat(config.initial().orElseThrow().sha256()).isEqualTo(SHA_256);
    assertThat(config.resolved()).contains("init-sha256=" + SHA_256);
  }

  @Test
  void comesBackFromItsTextWithoutTheFile() throws IOException {
    Path file = file("a");
    JobConfig config = load("train.init-from=" + file);
    Files.delete(file);

    JobConfig again = loader.stored(config.resolved(), "config.conf");

    assertThat(again.initial()).isEqualTo(config.initial());
    assertThat(again.fingerprint()).isEqualTo(config.fingerprint());
  }

  @Test
  void countsByItsContentNotItsPlace() throws IOException {
    JobConfig one = load("train.init-from=" + file("a"));

    assertThat(load("train.init-from=" + file("b")).fingerprint()).isEqualTo(one.fingerprint());
    assertThat(load().fingerprint()).isNotEqualTo(one.fingerprint());
  }

  @Test
  void endsWith66WhenThereIsNoSuchFile() {
    assertThatThrownBy(() -> load("train.init-from=/none/m.safetensors"))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.MISSING_INPUT))
        .hasMessage("Cannot read train.init-from file:/none/m.safetensors: there is no such file.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0123 | Cannot use train.init-sha256: expected 64 lower-case hexadecimal digits, got 0123.",
        SHA_256 + " | Cannot use train.init-sha256: there is no train.init-from.",
      })
  void refusesADigestOfNothing(String digest, String message) {
    assertThatThrownBy(() -> load("train.init-sha256=" + digest)).hasMessageContaining(message);
  }

  private Path file(String name) throws IOException {
    return Files.writeString(directory.resolve(name), "abc");
  }

  private JobConfig load(String... assignments) {
    return loader.load(ConfigRequest.defaults().withAssignments(assignments));
  }
}
