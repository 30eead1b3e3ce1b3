package dev.featuremap.job.testing;

import dev.featuremap.job.record.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory of a run on the local disk, as a test looks into it and as a crash leaves it.
 *
 * @param root the run's directory
 */
public record RunFolder(Path root) {

  /** The folder of a run on the local disk. */
  public static RunFolder of(RunDirectory directory) {
    return new RunFolder(Path.of(directory.root().toUri().getPath()));
  }

  /** A file's text. */
  public String text(String name) {
    try {
      return Files.readString(root.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A number of {@code metrics.jsonl} as it is written, for each epoch. */
  public List<String> metric(String name) {
    Pattern value = Pattern.compile("\"%s\":([^,}]+)".formatted(name));
    return value.matcher(text("metrics.jsonl")).results().map(found -> found.group(1)).toList();
  }

  /** The names below one of its directories, in order. */
  public List<String> names(String directory) {
    try (Stream<Path> children = Files.list(root.resolve(directory))) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Epoch and round of each checkpoint that is kept, as in {@code 2-14}, in order. */
  public List<String> checkpoints() {
    return names("checkpoints").stream()
        .map(name -> name.substring(0, name.lastIndexOf('-')))
        .toList();
  }

  /** Every file with its content, its size and when it was written. */
  public SortedMap<String, String> snapshot() {
    SortedMap<String, String> files = new TreeMap<>();
    for (Path file : files(path -> true)) {
      try {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        files.put(
            root.relativize(file).toString(), Files.getLastModifiedTime(file) + "\n" + content);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  /** Makes the run one whose driver died after it had published {@code checkpoints} checkpoints. */
  public void rewind(int checkpoints) {
    delete(file -> file.getFileName().toString().matches("_SUCCESS|result.json"));
    delete(file -> isManifest(file) && number(file) > 1 + checkpoints);
  }

  /** A file of the checkpoint of an epoch and a round, such as {@code 2-14}. */
  public Path checkpointFile(String checkpoint, String name) {
    String directory =
        names("checkpoints").stream()
            .filter(child -> child.startsWith(checkpoint + "-"))
            .findFirst()
            .orElseThrow();
    return root.resolve("checkpoints").resolve(directory).resolve(name);
  }

  private static boolean isManifest(Path file) {
    return file.getParent().endsWith("manifests");
  }

  private static int number(Path manifest) {
    return Integer.parseInt(manifest.getFileName().toString().replace(".json", ""));
  }

  private void delete(Predicate<Path> doomed) {
    for (Path file : files(doomed)) {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private List<Path> files(Predicate<Path> wanted) {
    try (Stream<Path> below = Files.walk(root)) {
      return below.filter(Files::isRegularFile).filter(wanted).collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
