package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says of settings and exit codes is what the code has. */
class ReadmeTest {
  private static final Pattern CODE = Pattern.compile("`([a-z0-9.-]+)`");

  private final String readme = read();

  private static String read() {
    try {
      return Files.readString(Path.of("../README.md"));
    } catch (IOException e) {
      throw new IllegalStateException("The tests run in the module's directory.", e);
    }
  }

  @Test
  void listsEverySettingAndNoOther() {
    Set<String> listed = new TreeSet<>();
    rows("## Settings")
        .forEach(
            row -> {
              Matcher key = CODE.matcher(row.substring(0, row.indexOf('|', 1)));
              while (key.find()) {
                listed.add(key.group(1));
              }
            });
    assertThat(listed).containsExactlyInAnyOrderElementsOf(Keys.all());
  }

  @Test
  void listsEveryExitCode() {
    assertThat(rows("## Exit codes").stream().map(row -> row.split("\\|", -1)[1].strip()))
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values()).map(code -> String.valueOf(code.code())).toList());
  }

  /** The rows of the first table below a heading, without its head. */
  private List<String> rows(String heading) {
    String section = readme.substring(readme.indexOf(heading + "\n"));
    return section
        .lines()
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .toList();
  }
}
