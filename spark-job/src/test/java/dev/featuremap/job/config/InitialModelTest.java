package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import dev.featuremap.spec.NamePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void countsWhatItLeavesOut() throws IOException {
    String from = "train.init-from=" + file("a");
    JobConfig all = load(from);
    JobConfig one = load(from, "train.init-except=fc.*");

    assertThat(one.initial().orElseThrow().names().except())
        .containsExactly(NamePattern.of("fc.*"));
    assertThat(one.fingerprint()).isNotEqualTo(all.fingerprint());
    assertThat(load(from, "train.init-except=[]").fingerprint()).isEqualTo(all.fingerprint());
    assertThat(load(from, "train.init-except=[\"fc.*\"]").fingerprint())
        .isEqualTo(one.fingerprint());
    assertThat(loader.stored(one.resolved(), "config.conf").initial()).isEqualTo(one.initial());
  }

  @Test
  void readsNamesWithAndWithoutQuotes() throws IOException {
    String from = "train.init-from=" + file("a");
    JobConfig nested = load(from, "train.init-names.head.0=fc", "train.init-names.b=conv1");

    assertThat(nested.initial().orElseThrow().names().renamed())
        .isEqualTo(Map.of("head.0", "fc", "b", "conv1"));
    assertThat(load(from, "train.init-names={\"head.0\"=fc,b=conv1}").fingerprint())
        .isEqualTo(nested.fingerprint())
        .isNotEqualTo(load(from).fingerprint());
    assertThat(loader.stored(nested.resolved(), "config.conf").initial())
        .isEqualTo(nested.initial());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fc", "{}", "[a]", "{ a = [b] }", "{ a = \"\" }"})
  void refusesNamesThatAreNone(String names) throws IOException {
    String from = "train.init-from=" + file("a");

    assertThatThrownBy(() -> load(from, "train.init-names=" + names))
        .hasMessageMatching(
            "Cannot use train.init-names: expected names of the network by those of the file, as in"
                + " \\{ classifier = fc }, got .+\\.");
  }

  @Test
  void refusesNamesOfNoFile() {
    assertThatThrownBy(() -> load("train.init-names={a=b}"))
        .hasMessageContaining("Cannot use train.init-names: there is no train.init-from.");
  }

  @Test
  void takesTheFileThatAModelStandsFor() throws IOException {
    Path file = file("a");
    JobConfigLoader loader =
        JobConfigLoader.of(
            new Configuration(),
            given -> {
              assertThat(given).hasToString("file:/runs/a@best");
              return new org.apache.hadoop.fs.Path(file.toUri());
            });

    JobConfig config =
        loader.load(ConfigRequest.defaults().withAssignments("train.init-from=/runs/a@best"));

    assertThat(config.initial().orElseThrow().path()).hasToString("file:" + file);
    assertThat(config.initial().orElseThrow().sha256()).isEqualTo(SHA_256);
    assertThat(loader.stored(config.resolved(), "config.conf").initial())
        .isEqualTo(config.initial());
  }

  @Test
  void refusesExceptionsThatAreNone() throws IOException {
    String from = "train.init-from=" + file("a");

    assertThatThrownBy(() -> load(from, "train.init-except=[1, {}]"))
        .hasMessageContaining(
            "Cannot use train.init-except: expected a list of texts, got [1,{}].");
    assertThatThrownBy(() -> load(from, "train.init-except=[\"\"]"))
        .hasMessageContaining(
            "Cannot use train.init-except: expected a list of texts, got [\"\"].");
    assertThatThrownBy(() -> load("train.init-except=[fc]"))
        .hasMessageContaining("Cannot use train.init-except: there is no train.init-from.");
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
