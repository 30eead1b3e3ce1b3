package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.MarkdownPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say of settings, networks, recipes and exit codes is what the code has. */
class ReadmeTest {
  private static final Pattern CODE = Pattern.compile("`([a-z0-9.-]+)`");

  private final MarkdownPage front = read("../README.md");
  private final MarkdownPage settings = read("../conf/README.md");

  private static MarkdownPage read(String file) {
    try {
      return MarkdownPage.read(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The tests run in the module's directory.", e);
    }
  }

  @Test
  void listsEverySettingAndNoOther() {
    assertThat(firstCells(settings, "## Settings")).containsExactlyInAnyOrderElementsOf(Keys.all());
  }

  @Test
  void namesOnTheFrontPageOnlySettingsThereAre() {
    assertThat(firstCells(front, "## Settings")).isNotEmpty().isSubsetOf(new HashSet<>(Keys.all()));
  }

  @Test
  void listsEveryExitCode() {
    assertThat(
            front.rowsBelow("## Exit codes").stream().map(row -> row.split("\\|", -1)[1].strip()))
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values()).map(code -> String.valueOf(code.code())).toList());
  }

  @Test
  void listsEveryCommand() throws IOException {
    Matcher commands =
        Pattern.compile("COMMANDS='(.*) help'")
            .matcher(Files.readString(Path.of("../scripts/featuremap")));

    assertThat(commands.find()).isTrue();
    assertThat(front.rowsBelow("## Commands").stream().map(row -> row.split("[` ]+", -1)[1]))
        .containsExactlyInAnyOrder(commands.group(1).split(" ", -1));
  }

  @Test
  void listsEveryNetwork() throws IOException {
    assertThat(
            Stream.concat(
                firstCells(settings, "## Networks").stream(),
                firstCells(settings, "### Networks for photos").stream()))
        .containsExactlyInAnyOrderElementsOf(names("../conf/networks"));
  }

  @Test
  void listsEveryRecipe() throws IOException {
    assertThat(firstCells(settings, "## Recipes"))
        .containsExactlyInAnyOrderElementsOf(names("../conf/recipes"));
  }

  /** What is written as code in the first cells of the first table below a heading. */
  private static Set<String> firstCells(MarkdownPage page, String heading) {
    Set<String> listed = new TreeSet<>();
    for (String row : page.rowsBelow(heading)) {
      Matcher code = CODE.matcher(row.substring(0, row.indexOf('|', 1)));
      while (code.find()) {
        listed.add(code.group(1));
      }
    }
    return listed;
  }

  /** Names of the files of a folder, without their endings. */
  private static List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.map(file -> file.getFileName().toString().replace(".conf", "")).toList();
    }
  }
}
