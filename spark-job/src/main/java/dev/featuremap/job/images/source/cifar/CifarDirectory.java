package dev.featuremap.job.images.source.cifar;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.NamedSets;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The binary files of CIFAR-10 ({@code data_batch_1.bin} to {@code data_batch_5.bin}, {@code
 * test_batch.bin}) or CIFAR-100 ({@code train.bin}, {@code test.bin}; fine labels), in a directory
 * or in the one below it that their archives make. Labels get the names of the text file that comes
 * along, if it does.
 *
 * @param train the images to learn from
 * @param test the images to judge by
 */
public record CifarDirectory(CifarDataset train, CifarDataset test) implements NamedSets {
  /** A list of names is a page; a file of another kind must not fill the heap. */
  private static final int MOST_NAMES = 1 << 20;

  private static final List<String> TEN =
      IntStream.rangeClosed(1, 5).mapToObj(batch -> "data_batch_" + batch + ".bin").toList();

  /** True when a file of either set is there. */
  public static boolean isIn(DataFolder folder) {
    return find(folder).isPresent();
  }

  /**
   * Finds the files and checks their lengths.
   *
   * @throws JobException with {@code MISSING_INPUT} when one is missing, {@code BAD_DATA} when one
   *     is no whole number of records
   */
  public static CifarDirectory open(DataFolder folder) {
    Path directory =
        find(folder).orElseThrow(() -> missing(folder.root(), TEN.get(0) + " and train.bin"));
    Set<String> names = names(folder, directory);
    boolean hundred = names.contains("train.bin") || names.contains("test.bin");
    List<String> train = hundred ? List.of("train.bin") : TEN;
    String test = hundred ? "test.bin" : "test_batch.bin";
    String absent =
        Stream.concat(train.stream(), Stream.of(test))
            .filter(name -> !names.contains(name))
            .collect(Collectors.joining(", "));
    if (!absent.isEmpty()) {
      throw missing(directory, absent);
    }
    String meta = hundred ? "fine_label_names.txt" : "batches.meta.txt";
    LabelIndex labels =
        names.contains(meta)
            ? labels(folder, paths(folder, directory, List.of(meta)).get(0))
            : LabelIndex.numbers();
    return new CifarDirectory(
        CifarDataset.open(folder, paths(folder, directory, train), hundred ? 2 : 1, labels),
        CifarDataset.open(
            folder, paths(folder, directory, List.of(test)), hundred ? 2 : 1, labels));
  }

  private static Optional<Path> find(DataFolder folder) {
    return Stream.of(
            folder.whole(), folder.named("cifar-10-batches-bin"), folder.named("cifar-100-binary"))
        .flatMap(List::stream)
        .filter(directory -> names(folder, directory).stream().anyMatch(CifarDirectory::isData))
        .findFirst();
  }

  private static boolean isData(String name) {
    return name.matches("data_batch_[1-5]\\.bin|test_batch\\.bin|train\\.bin|test\\.bin");
  }

  private static Set<String> names(DataFolder folder, Path directory) {
    return folder.children(directory).stream()
        .filter(FileStatus::isFile)
        .map(status -> status.getPath().getName())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Path> paths(DataFolder folder, Path directory, List<String> names) {
    List<Path> paths = names.stream().map(name -> PathText.child(directory, name)).toList();
    folder.requireReadable(paths, folder.whole());
    return paths;
  }

  /** A name a line; blank lines may follow the last one. */
  private static LabelIndex labels(DataFolder folder, Path path) {
    try (InputStream in = FileSystems.of(path, folder.configuration()).open(path)) {
      byte[] text = in.readNBytes(MOST_NAMES + 1);
      if (text.length > MOST_NAMES) {
        throw JobException.badData(
            "Cannot read %s: names of classes take at most %s bytes, and it has more."
                .formatted(path, MOST_NAMES));
      }
      List<String> names =
          new String(text, StandardCharsets.UTF_8)
              .stripTrailing()
              .lines()
              .map(String::strip)
              .toList();
      int blank = names.indexOf("");
      if (blank >= 0) {
        throw JobException.badData(
            "Cannot use the class names of %s: each line must name a class, got nothing in line %s. Give class %s its name there."
                .formatted(path, blank + 1, blank));
      }
      return LabelIndex.named(names, path.toString());
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private static JobException missing(Path directory, String files) {
    return JobException.missingInput(
        "Cannot find the binary files of CIFAR in %s: it lacks %s.".formatted(directory, files),
        null);
  }
}
