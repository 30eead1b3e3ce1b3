package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.FlakyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  @TempDir private Path directory;

  @Test
  void readsAnyHadoopUri() throws IOException {
    String uri = file("a = 1").toUri().toString();

    assertThat(ConfigFile.read("--config", uri, new Configuration()).getInt("a")).isEqualTo(1);
  }

  @Test
  void endsWith66WhenTheFileIsMissing() {
    String uri = directory.resolve("none.conf").toString();

    assertFailure(uri, ExitCode.MISSING_INPUT)
        .isEqualTo("Cannot read --config %s: there is no such file.".formatted(uri));
  }

  @Test
  void endsWith66WhenTheFileMayNotBeRead() throws IOException {
    String uri = "flaky:" + file("a = 1").toUri().getPath();
    FlakyFileSystem.shared().refuse();

    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> ConfigFile.read("--config", uri, FlakyFileSystem.configuration()));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_INPUT);
    assertThat(failure).hasMessage("Cannot read --config %s: permission denied.".formatted(uri));
  }

  @Test
  void namesFileAndLineOfASyntaxError() throws IOException {
    String uri = file("a = 1\nb = {\n c = ]\n").toUri().toString();

    assertFailure(uri, ExitCode.USAGE)
        .startsWith("Cannot parse %s line 3: ".formatted(uri))
        .contains("']'");
  }

  @Test
  void namesFileAndLineOfASubstitutionWithoutKey() {
    assertThatThrownBy(() -> ConfigFile.resolve(ConfigFile.parse("a = 1\nb = ${PATH}", "my.conf")))
        .hasMessageStartingWith("Cannot parse my.conf line 2: ")
        .hasMessageContaining("${PATH}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"other.conf\"",
        "include required(\"other.conf\")",
        "include file(\"/etc/passwd\")",
        "include url(\"file:/etc/passwd\")",
        "include classpath(\"reference.conf\")"
      })
  void refusesIncludes(String include) {
    assertThatThrownBy(() -> ConfigFile.parse(include, "my.conf"))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot parse my.conf: include \"")
        .hasMessageEndingWith("is not supported. Copy its settings into this file.");
  }

  @Test
  void refusesIncludesOfPackages() {
    assertThatThrownBy(() -> ConfigFile.parse("include package(\"a\", \"b.conf\")", "my.conf"))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot parse my.conf line 1: ");
  }

  @Test
  void refusesFilesThatAreNoConfiguration() throws IOException {
    String uri = file(" ".repeat((1 << 20) + 1)).toString();

    assertFailure(uri, ExitCode.USAGE)
        .isEqualTo(
            "Cannot use --config: a configuration has at most 1048576 bytes, and %s has more."
                .formatted(uri));
  }

  @Test
  void refusesFileSystemsThatAreNotInstalled() {
    assertFailure("nowhere://host/a.conf", ExitCode.USAGE)
        .isEqualTo(
            "Cannot read --config nowhere://host/a.conf: no file system is installed for nowhere:.");
  }

  @Test
  void refusesUrisThatAreNone() {
    assertFailure("a:b", ExitCode.USAGE).startsWith("Cannot use --config: expected a path or URI");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("my.conf"), text);
  }

  private static org.assertj.core.api.AbstractStringAssert<?> assertFailure(
      String uri, ExitCode code) {
    JobException failure =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            JobException.class, () -> ConfigFile.read("--config", uri, new Configuration()));
    assertThat(failure.exitCode()).isEqualTo(code);
    return assertThat(failure.getMessage());
  }
}
