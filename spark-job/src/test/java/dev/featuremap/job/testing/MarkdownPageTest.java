package dev.featuremap.job.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.testing.MarkdownPage.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownPageTest {

  private static MarkdownPage page(String... lines) {
    return new MarkdownPage(Path.of("/pages/a/page.md"), List.of(lines));
  }

  @Test
  void findsLinksWithTheirLines() {
    MarkdownPage page =
        page("# A", "", "See [one](one.md) and [`two`](../two.md#part),", "[a text", "of two](x/)");

    assertThat(page.links())
        .containsExactly(new Link(3, "one.md"), new Link(3, "../two.md#part"), new Link(5, "x/"));
  }

  @Test
  void seesNoLinksInCode() {
    MarkdownPage page = page("`[a](b.md)`", "```", "[a](c.md)", "```", "[a](d.md)");

    assertThat(page.links()).containsExactly(new Link(5, "d.md"));
  }

  @Test
  void resolvesLinksFromTheFolderOfThePage() {
    Path page = page().file();

    assertThat(new Link(1, "../two.md#part").target(page)).isEqualTo(Path.of("/pages/two.md"));
    assertThat(new Link(1, "../two.md#part").anchor()).isEqualTo("part");
    assertThat(new Link(1, "#part").target(page)).isEqualTo(page);
    assertThat(new Link(1, "two.md").anchor()).isEmpty();
    assertThat(new Link(1, "https://example.org/a#b").isLocal()).isFalse();
  }

  @Test
  void makesAnchorsOfHeadings() {
    MarkdownPage page =
        page(
            "# A page",
            "## At the end, and after it",
            "```",
            "# code",
            "```",
            "## `a-b` 3×3",
            "# A page");

    assertThat(page.anchors())
        .containsExactly("a-page", "at-the-end-and-after-it", "a-b-33", "a-page-1");
  }

  @Test
  void findsTheFirstTableBelowAHeading() {
    MarkdownPage page =
        page(
            "| a |", "|---|", "| 0 |", "## T", "", "| b |", "|---|", "| 1 |", "| 2 |", "", "| c |");

    assertThat(page.rowsBelow("## T")).containsExactly("| 1 |", "| 2 |");
    assertThatThrownBy(() -> page.rowsBelow("## U"))
        .hasMessage("/pages/a/page.md has no heading ## U");
  }

  @Test
  void findsPagesOfOurOwn(@TempDir Path repository) throws IOException {
    for (String file :
        List.of("A.md", "b/C.md", ".github/D.md", "target/E.md", ".git/F.md", "g.txt")) {
      Path path = repository.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "# Page\n");
    }

    assertThat(MarkdownPage.below(repository))
        .containsExactlyInAnyOrder(
            repository.resolve("A.md"),
            repository.resolve("b/C.md"),
            repository.resolve(".github/D.md"));
  }
}
