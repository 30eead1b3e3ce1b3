package dev.featuremap.job.testing;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Markdown: its lines, its links, the anchors of its headings and the rows of its tables.
 *
 * @param file where it is
 * @param lines its text
 */
public record MarkdownPage(Path file, List<String> lines) {
  private static final Pattern LINK = Pattern.compile("\\[[^\\[\\]]*]\\(([^()\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`(?:(?!\\n\\s*\\n)[^`])*`");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Set<String> NOT_OURS = Set.of("data", "published", "runs", "target");

  /**
   * A link of a page.
   *
   * @param line its number, from 1
   * @param url as written
   */
  public record Link(int line, String url) {

    /** Whether it leads to a file or heading of the repository. */
    public boolean isLocal() {
      return !url.matches("[a-z]+:.*");
    }

    /** The file that it leads to from a page. */
    public Path target(Path page) {
      String path = url.contains("#") ? url.substring(0, url.indexOf('#')) : url;
      return path.isEmpty() ? page : page.resolveSibling(path).normalize();
    }

    /** The heading that it leads to; empty for a whole file. */
    public String anchor() {
      return url.contains("#") ? url.substring(url.indexOf('#') + 1) : "";
    }
  }

  /** Reads a page. */
  public static MarkdownPage read(Path file) throws IOException {
    return new MarkdownPage(file, Files.readAllLines(file));
  }

  /** All pages of a repository, without what is built, downloaded or hidden. */
  public static List<Path> below(Path repository) throws IOException {
    List<Path> pages = new ArrayList<>();
    Files.walkFileTree(
        repository,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean hidden = name.startsWith(".") && !name.equals(".github");
            return !folder.equals(repository) && (hidden || NOT_OURS.contains(name))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              pages.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return pages;
  }

  /** Links in its text, not in code. */
  public List<Link> links() {
    String text = withoutCode();
    List<Link> links = new ArrayList<>();
    Matcher link = LINK.matcher(text);
    while (link.find()) {
      long before = text.substring(0, link.start(1)).chars().filter(c -> c == '\n').count();
      links.add(new Link((int) before + 1, link.group(1)));
    }
    return links;
  }

  /** The anchors of its headings, made as GitHub makes them. */
  public Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    for (String line : outsideFences()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor =
            heading
                .group(1)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
        String unique = anchor;
        for (int n = 1; !anchors.add(unique); n++) {
          unique = anchor + "-" + n;
        }
      }
    }
    return anchors;
  }

  /**
   * The rows of the first table below a heading, without its head.
   *
   * @param heading as written, with its signs
   * @throws IllegalArgumentException if the page has no such heading
   */
  public List<String> rowsBelow(String heading) {
    int start = lines.indexOf(heading);
    if (start < 0) {
      throw new IllegalArgumentException("%s has no heading %s".formatted(file, heading));
    }
    return lines.stream()
        .skip(start)
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .toList();
  }

  /** The text with blanks for code, so that places stay what they are. */
  private String withoutCode() {
    return CODE.matcher(String.join("\n", outsideFences()))
        .replaceAll(code -> code.group().replaceAll("[^\\n]", " "));
  }

  /** The lines, with empty ones for fenced code. */
  private List<String> outsideFences() {
    List<String> outside = new ArrayList<>();
    boolean fenced = false;
    for (String line : lines) {
      boolean fence = line.strip().startsWith("```");
      outside.add(fenced || fence ? "" : line);
      fenced ^= fence;
    }
    return outside;
  }
}
