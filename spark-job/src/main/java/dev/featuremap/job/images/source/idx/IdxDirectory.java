package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.NamedSets;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A directory with the four files of MNIST or a set of its form: {@code train-images-idx3-ubyte},
 * {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code
 * t10k-labels-idx1-ubyte}, or of EMNIST or QMNIST under their own names.
 *
 * <p>A name may have a dot before {@code idx}, and may end in {@code .gz}. Of several spellings of
 * one file, a plain one is preferred to a compressed one, since it can be read in parallel.
 *
 * @param train the images to learn from
 * @param test the images to judge by, named {@code t10k}
 */
public record IdxDirectory(IdxDataset train, IdxDataset test) implements NamedSets {

  /** True when a file of such a name is there, whatever stands before the ending. */
  public static boolean isIn(DataFolder folder) {
    return folder.children(folder.root()).stream()
        .anyMatch(status -> status.getPath().getName().matches(".*[.-]idx[13]-ubyte(\\.gz)?"));
  }

  /**
   * Finds the four files and checks their heads, without Spark.
   *
   * @throws JobException with {@code MISSING_INPUT} when the directory or a file is missing, and as
   *     {@link IdxDataset#open}
   */
  public static IdxDirectory open(DataFolder folder) {
    Configuration configuration = folder.configuration();
    Path directory = folder.root();
    Set<String> present = fileNames(configuration, directory);
    List<String> missing = new ArrayList<>();
    List<Path> found = new ArrayList<>();
    for (List<String> names : IdxNames.of(directory, present)) {
      IdxNames.found(names, present)
          .ifPresentOrElse(
              name -> found.add(PathText.child(directory, name)), () -> missing.add(names.get(0)));
    }
    if (!missing.isEmpty()) {
      throw missing(
          directory,
          "it lacks %s. Each is accepted with '.' instead of '-' before idx, plain or with .gz."
              .formatted(String.join(", ", missing)),
          null);
    }
    folder.requireReadable(found, folder.whole());
    return new IdxDirectory(
        IdxDataset.open(configuration, found.get(0), found.get(1)),
        IdxDataset.open(configuration, found.get(2), found.get(3)));
  }

  private static Set<String> fileNames(Configuration configuration, Path directory) {
    try {
      FileSystem files = FileSystems.of(directory, configuration);
      if (!files.getFileStatus(directory).isDirectory()) {
        throw missing(directory, "it is a file, expected a directory.", null);
      }
      return Arrays.stream(files.listStatus(directory))
          .filter(FileStatus::isFile)
          .map(status -> status.getPath().getName())
          .collect(Collectors.toUnmodifiableSet());
    } catch (FileNotFoundException e) {
      throw missing(directory, "the directory does not exist.", e);
    } catch (IOException e) {
      throw ReadFailure.of(directory, e);
    }
  }

  private static JobException missing(Path directory, String why, IOException cause) {
    return JobException.missingInput(
        "Cannot find IDX files in %s: %s".formatted(directory, why), cause);
  }
}
