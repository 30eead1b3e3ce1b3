package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/** Where a set lies that no setting names: {@code train*}, and {@code test*} or {@code val*}. */
final class UsualPaths {
  private UsualPaths() {}

  /**
   * What fits the format among the usual names: {@code train.tar.gz} is not a part of {@code
   * train/}, where folders are read. A directory that has the very name is taken alone.
   *
   * @param key the setting that could name the set
   * @throws JobException with {@code MISSING_INPUT} if there is none, {@code USAGE} if one file has
   *     the very name and others a longer one: {@code train.tar} and {@code train_old.tar}
   */
  static List<Path> find(
      DataFolder folder, DataSettings settings, Format format, String key, List<String> patterns) {
    Optional<Path> own = own(folder, settings, format, patterns);
    if (own.isPresent()) {
      List<Path> alone = List.of(own.get());
      folder.requireReadable(alone, alone);
      return alone;
    }
    List<Path> found = folder.part(key, Optional.empty(), patterns);
    if (found.size() == 1 && patterns.size() == 1) {
      return found;
    }
    List<Path> paths =
        patterns.stream()
            .map(pattern -> fitting(folder, settings, format, pattern))
            .filter(fitting -> !fitting.isEmpty())
            .findFirst()
            .orElse(found);
    boolean exact = paths.stream().anyMatch(path -> isExact(path, settings, patterns));
    if (exact && paths.size() > 1) {
      List<String> names = paths.stream().map(Path::getName).toList();
      throw JobException.usage(
          "Cannot tell which of %s in %s to take: one is named so, others begin so. Set %s to one of them, or to \"%s\" for all."
              .formatted(
                  String.join(", ", names), folder.root(), key, pattern(names.get(0), patterns)));
    }
    return paths;
  }

  private static Optional<Path> own(
      DataFolder folder, DataSettings settings, Format format, List<String> patterns) {
    return patterns.stream()
        .filter(pattern -> !folder.named(pattern).isEmpty())
        .findFirst()
        .flatMap(folder::exactly)
        .filter(path -> fits(folder, settings, format, path));
  }

  private static boolean fits(DataFolder folder, DataSettings settings, Format format, Path path) {
    return SetContents.of(folder, List.of(path), settings, true).formats().contains(format);
  }

  /** What is so named and fits the format. */
  static List<Path> fitting(
      DataFolder folder, DataSettings settings, Format format, String pattern) {
    return folder.named(pattern).stream()
        .filter(path -> fits(folder, settings, format, path))
        .toList();
  }

  private static boolean isExact(Path path, DataSettings settings, List<String> patterns) {
    String name = path.getName();
    return patterns.stream()
        .map(pattern -> pattern.substring(0, pattern.length() - 1))
        .flatMap(
            usual ->
                Stream.of(
                        "", ".tar", ".tar.gz", ".tgz", ".tar.zst", "." + settings.table().format())
                    .map(ending -> usual + ending))
        .anyMatch(name::equals);
  }

  private static String pattern(String name, List<String> patterns) {
    return patterns.stream()
        .filter(pattern -> name.startsWith(pattern.substring(0, pattern.length() - 1)))
        .findFirst()
        .orElseThrow();
  }
}
