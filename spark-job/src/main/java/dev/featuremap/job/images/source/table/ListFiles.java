package dev.featuremap.job.images.source.table;

import dev.featuremap.job.images.source.DataFolder;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Lists of images among the files of a directory. No image is read by a list that is not asked for.
 */
public final class ListFiles {
  private ListFiles() {}

  /**
   * The settings that read a list which lies beside the images, as {@code train.csv}, or among
   * them, as {@code train/metadata.jsonl}; empty where there is no list of training images.
   */
  public static Optional<String> wayToRead(DataFolder folder) {
    return DataFolder.TRAIN.stream()
        .flatMap(pattern -> folder.named(pattern).stream())
        .flatMap(path -> wayToRead(folder, path).stream())
        .findFirst();
  }

  private static Optional<String> wayToRead(DataFolder folder, Path path) {
    return folder.children(path).stream()
        .filter(FileStatus::isFile)
        .flatMap(file -> settings(path, file.getPath()).stream())
        .findFirst();
  }

  private static Optional<String> settings(Path set, Path file) {
    Stream<String> place =
        set.equals(file)
            ? Stream.empty()
            : Stream.of(
                "data.train = %s/%s".formatted(set.getName(), file.getName()),
                "data.test likewise");
    return ListFormat.ofFile(file.getName())
        .map(list -> Stream.concat(Stream.of("data.table.format = " + list.text()), place).toList())
        .map(
            settings ->
                "To read the list %s, set %s, and data.table.image and data.table.label to its columns."
                    .formatted(file.getName(), String.join(", ", settings)));
  }
}
