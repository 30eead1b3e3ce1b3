package dev.featuremap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.testing.Docs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The recipes of CONTRIBUTING.md name every file that somebody who adds one more of a kind has to
 * touch. Each recipe has an example, and whatever file mentions the example must be in its table.
 */
class ContributingTest {
  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve(".github/CONTRIBUTING.md");
  private static final int MOST_EDITED = 4;

  /** Folders of builds, of data and of the version control. */
  private static final Set<String> SKIPPED =
      Set.of(".git", "target", "data", "runs", "published", ".idea", ".vscode", "__pycache__");

  /** Files of versions that are past, and what makes and reads them: nothing new is added there. */
  private static final Pattern FORMER =
      Pattern.compile("scripts/make-golden|spark-job/src/test/.*/golden/.*");

  private static final Pattern HEADING =
      Pattern.compile("### (A[^\\n]*), such as ([^\\n]*)\\n(.*?)(?=\\n##|\\z)", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\| (new|edited|optional) \\|", Pattern.MULTILINE);

  /** A file of a recipe: new, edited, or optional. */
  record Entry(String file, String what) {}

  /**
   * A recipe.
   *
   * @param names what the example is called in code, in files and in docs
   */
  record Recipe(String kind, List<String> names, List<Entry> entries) {
    @Override
    public String toString() {
      return kind;
    }
  }

  static List<Recipe> recipes() {
    return HEADING
        .matcher(Docs.text(PAGE))
        .results()
        .map(
            recipe ->
                new Recipe(
                    recipe.group(1),
                    Docs.code(recipe.group(2)),
                    ROW.matcher(recipe.group(3))
                        .results()
                        .map(row -> new Entry(row.group(1), row.group(2)))
                        .toList()))
        .toList();
  }

  @Test
  void hasARecipeForEachKind() {
    assertThat(recipes())
        .extracting(Recipe::kind)
        .contains("A layer", "An optimizer", "A source of images");
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void everyFileOfARecipeExists(Recipe recipe) {
    assertThat(recipe.entries).isNotEmpty();
    assertThat(recipe.entries)
        .allSatisfy(entry -> assertThat(ROOT.resolve(entry.file)).isRegularFile());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void editsFewFiles(Recipe recipe) {
    assertThat(recipe.entries.stream().filter(entry -> entry.what.equals("edited")))
        .hasSizeLessThanOrEqualTo(MOST_EDITED);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void namesEveryFileThatMentionsItsExample(Recipe recipe) throws IOException {
    Pattern example =
        Pattern.compile(
            recipe.names.stream()
                .map(name -> "(?<![\\w-])" + Pattern.quote(name) + "(?:Test)?(?![\\w-])")
                .collect(Collectors.joining("|")));
    Set<String> named = recipe.entries.stream().map(Entry::file).collect(Collectors.toSet());

    Set<String> mentioning = new TreeSet<>();
    for (Path file : files()) {
      String path = ROOT.relativize(file).toString().replace('\\', '/');
      if (!named.contains(path)
          && !FORMER.matcher(path).matches()
          && example.matcher(latin(file)).find()) {
        mentioning.add(path);
      }
    }

    assertThat(mentioning).as("files that mention %s and are in no row", recipe.names).isEmpty();
  }

  /** All files of the project but the page itself. */
  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.equals(PAGE) && !isSkipped(ROOT.relativize(file)))
          .toList();
    }
  }

  private static boolean isSkipped(Path file) {
    for (Path part : file) {
      if (SKIPPED.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  /** Names are ASCII; any bytes are text in this encoding. */
  private static String latin(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
