package dev.featuremap.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.MarkdownPage;
import dev.featuremap.job.testing.MarkdownPage.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The pages of the repository lead to each other, and fit a screen. */
class PagesTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Path FRONT = REPOSITORY.resolve("README.md");
  private static final int MOST_COLUMNS = 120;
  private static final int MOST_FRONT_LINES = 250;

  private final Map<Path, MarkdownPage> pages = new TreeMap<>();

  PagesTest() throws IOException {
    for (Path file : MarkdownPage.below(REPOSITORY)) {
      pages.put(file, MarkdownPage.read(file));
    }
  }

  @Test
  void areFound() {
    assertThat(pages.keySet())
        .contains(FRONT, REPOSITORY.resolve(".github/CHANGELOG.md"))
        .contains(REPOSITORY.resolve("conf/README.md"), REPOSITORY.resolve("model/DESIGN.md"))
        .noneMatch(page -> page.toString().contains("/target/"));
  }

  @Test
  void linkToFilesAndHeadingsThatExist() {
    List<String> broken = new ArrayList<>();
    for (MarkdownPage page : pages.values()) {
      for (Link link : page.links()) {
        problem(page, link).ifPresent(broken::add);
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void areAllReachedFromTheFrontPage() {
    Set<Path> reached = new TreeSet<>();
    Deque<Path> open = new ArrayDeque<>(List.of(FRONT));
    while (!open.isEmpty()) {
      Path file = open.pop();
      if (pages.containsKey(file) && reached.add(file)) {
        pages.get(file).links().stream()
            .filter(Link::isLocal)
            .forEach(link -> open.push(link.target(file)));
      }
    }
    Set<Path> missed = new TreeSet<>(pages.keySet());
    missed.removeAll(reached);
    assertThat(missed).as("pages that no links from README.md lead to").isEmpty();
  }

  @Test
  void haveNoLongLine() {
    List<String> tooLong = new ArrayList<>();
    for (MarkdownPage page : pages.values()) {
      for (int number = 1; number <= page.lines().size(); number++) {
        String line = page.lines().get(number - 1);
        int columns = line.codePointCount(0, line.length());
        if (columns > MOST_COLUMNS) {
          tooLong.add(place(page, number) + ": " + columns + " columns");
        }
      }
    }
    assertThat(tooLong).as("lines of more than %s columns", MOST_COLUMNS).isEmpty();
  }

  @Test
  void beginWithAHeadingAndAnEmptyLine() {
    assertThat(pages.values())
        .allSatisfy(
            page -> {
              assertThat(page.lines().get(0)).as("first line of %s", page.file()).startsWith("# ");
              assertThat(page.lines().get(1)).as("second line of %s", page.file()).isEmpty();
            });
  }

  @Test
  void keepTheFrontPageShort() {
    assertThat(pages.get(FRONT).lines()).hasSizeLessThanOrEqualTo(MOST_FRONT_LINES);
  }

  /** What is wrong with a link, if anything is. */
  private Optional<String> problem(MarkdownPage page, Link link) {
    if (!link.isLocal()) {
      return Optional.empty();
    }
    Path target = link.target(page.file());
    String place = place(page, link.line()) + ": " + link.url();
    if (!target.startsWith(REPOSITORY)) {
      return Optional.of(place + " leaves the repository");
    }
    if (!Files.exists(target)) {
      return Optional.of(place + " leads to no file");
    }
    if (link.anchor().isEmpty()) {
      return Optional.empty();
    }
    MarkdownPage reached = pages.get(target);
    if (reached == null || !reached.anchors().contains(link.anchor())) {
      return Optional.of(place + " leads to no heading");
    }
    return Optional.empty();
  }

  private static String place(MarkdownPage page, int line) {
    return REPOSITORY.relativize(page.file()) + ":" + line;
  }
}
