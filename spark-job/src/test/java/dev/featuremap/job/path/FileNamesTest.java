package dev.featuremap.job.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.AsciiLocale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that cannot name files says so, instead of leaving them out. */
class FileNamesTest {
  private static final String ASCII = "ANSI_X3.4-1968";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {ASCII, "ISO-8859-1", "US-ASCII"})
  void refusesNamesThatTheEncodingWouldLose(String encoding) {
    assertThatThrownBy(() -> FileNames.require("Cannot use", "file:/d/café", encoding))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(
            "Cannot use file:/d/café: this JVM's names of files are %s, which would lose its name. Start it with LC_ALL=C.UTF-8, or another UTF-8 locale; for executors set spark.executorEnv.LC_ALL=C.UTF-8."
                .formatted(encoding));
    assertThatCode(() -> FileNames.require("Cannot use", "file:/d/cafe", encoding))
        .doesNotThrowAnyException();
    assertThatCode(() -> FileNames.require("Cannot use", "file:/d/café", "UTF-8"))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesBytesThatAreNoUtf8() throws IOException, InterruptedException {
    AsciiLocale.skipUnlessItCanName("é");
    new ProcessBuilder("bash", "-c", "touch \"$0\"/$'caf\\xe9.png'", directory.toString())
        .start()
        .waitFor();

    assertThatThrownBy(
            () ->
                FileSystems.of(
                        PathText.parse("file:///"), new org.apache.hadoop.conf.Configuration())
                    .listStatus(PathText.parse(directory.toString())))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessage(
            "Cannot use file:%s/caf%%E9.png: its name is not UTF-8. Rename it."
                .formatted(directory));
  }

  /** Run by {@link #listsOrRefusesInAnAsciiLocale}: lists a directory, or says why not. */
  public static final class Lister {
    private Lister() {}

    public static void main(String[] arguments) throws IOException {
      try {
        FileNames.requireArguments(arguments);
        int found =
            FileSystems.of(PathText.parse("file:///"), new org.apache.hadoop.conf.Configuration())
                .listStatus(PathText.parse(arguments[0]))
                .length;
        System.out.println("found " + found);
      } catch (JobException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void listsOrRefusesInAnAsciiLocale() throws IOException, InterruptedException {
    AsciiLocale.skipUnlessItCanName("ünï");
    Path ascii = Files.createDirectory(directory.resolve("ascii"));
    Files.createFile(ascii.resolve("1.png"));
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.createFile(other.resolve("ünï.png"));

    assertThat(list(ascii.toString())).isEqualTo("found 1");
    assertThat(list(other.toString()))
        .startsWith("Cannot use file:%s/%%C3%%BCn%%C3%%AF.png: ".formatted(other))
        .contains(ASCII, "LC_ALL=C.UTF-8");
    assertThat(list(ascii.toString(), "--run-id", "nacht-ä"))
        .startsWith("Cannot read the command line: ")
        .contains("LC_ALL=C.UTF-8");
    assertThat(list(ascii.toString(), "nacht-?")).isEqualTo("found 1");
  }

  private static String list(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Lister.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }
}
