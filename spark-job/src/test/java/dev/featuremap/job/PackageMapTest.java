package dev.featuremap.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map of packages on the front page shows all of them. */
class PackageMapTest {
  private static final Pattern CODE = Pattern.compile("`([a-z0-9.]+)`");
  private static final Path MODEL = Path.of("../model/src/main/java/dev/featuremap");
  private static final Path JOB = Path.of("src/main/java/dev/featuremap/job");

  /** By package of the first level: the row that has it. */
  private final Map<String, String> rows = new TreeMap<>();

  PackageMapTest() throws IOException {
    MarkdownPage.read(Path.of("../README.md")).lines().stream()
        .dropWhile(line -> !line.equals("## How it works"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"))
        .forEach(
            row -> {
              Matcher name = CODE.matcher(row.substring(0, row.indexOf('|', 1)));
              while (name.find()) {
                rows.putIfAbsent(name.group(1).split("\\.", -1)[0], row);
              }
            });
  }

  @Test
  void hasTheFirstLevelOfBothModules() throws IOException {
    List<String> packages = new ArrayList<>(folders(MODEL, 1));
    packages.addAll(folders(JOB, 1));

    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void namesWhatIsInside() throws IOException {
    assertThat(unnamed(MODEL)).as("packages of the model that the map lacks").isEmpty();
    assertThat(unnamed(JOB)).as("packages of the job that the map lacks").isEmpty();
  }

  /** Packages below the first level that the row of their first level does not name. */
  private List<String> unnamed(Path root) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String inner : folders(root, Integer.MAX_VALUE)) {
      String[] names = inner.split("/", -1);
      String row = rows.getOrDefault(names[0], "");
      String last = names[names.length - 1];
      if (names.length > 1 && !row.contains("`" + last + "`") && !row.contains("." + last + "`")) {
        missing.add(inner);
      }
    }
    return missing;
  }

  /** Folders below a root, as paths from there. */
  private static List<String> folders(Path root, int depth) throws IOException {
    try (Stream<Path> found = Files.walk(root, depth)) {
      return found
          .filter(path -> Files.isDirectory(path) && !path.equals(root))
          .map(path -> root.relativize(path).toString())
          .toList();
    }
  }
}
