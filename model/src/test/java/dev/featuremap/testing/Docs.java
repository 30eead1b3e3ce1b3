package dev.featuremap.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the tables of the project's pages; tests run in the directory of their module. */
public final class Docs {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Docs() {}

  /** The text of a file of the project. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rows of the first table whose head starts with {@code head}, on the first page with one.
   */
  public static List<List<String>> table(String head, String... pages) {
    return Stream.of(pages)
        .map(page -> Path.of("..", page))
        .filter(Files::exists)
        .map(page -> table(head, page))
        .filter(rows -> !rows.isEmpty())
        .findFirst()
        .orElseThrow(() -> new AssertionError("No page has a table that starts with " + head));
  }

  private static List<List<String>> table(String head, Path page) {
    return text(page)
        .lines()
        .dropWhile(line -> !line.startsWith("| " + head + " |"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(row -> Stream.of(row.split("\\|", -1)).skip(1).map(String::strip).toList())
        .toList();
  }

  /** What stands between back quotes. */
  public static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
  }
}
