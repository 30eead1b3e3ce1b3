package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.cifar.CifarDirectory;
import dev.featuremap.job.images.source.tar.TarSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Tells from names what a directory of images is, where the settings leave it open. */
final class FormatLookup {
  private FormatLookup() {}

  static Format of(DataFolder folder, DataSettings settings) {
    if (settings.format() != Format.AUTO) {
      return settings.format();
    }
    if (settings.table().isCatalog()) {
      return Format.TABLE;
    }
    return ofNames(folder)
        .or(() -> ofChildren(children(folder, training(folder, settings)), settings))
        .orElseThrow(() -> unknown(folder, settings));
  }

  /** The same for one set whose images may have no labels: files of any name are a folder. */
  static Format ofSet(DataFolder folder, DataSettings settings, List<Path> set) {
    if (settings.format() != Format.AUTO) {
      return settings.format();
    }
    return ofNames(folder)
        .or(() -> ofChildren(children(folder, set), settings))
        .orElse(Format.FOLDER);
  }

  /** The formats whose files have names of their own. */
  private static Optional<Format> ofNames(DataFolder folder) {
    List<FileStatus> top = folder.children(folder.root());
    if (top.stream().anyMatch(status -> name(status).matches(".*[.-]idx[13]-ubyte(\\.gz)?"))) {
      return Optional.of(Format.IDX);
    }
    return CifarDirectory.isIn(folder) ? Optional.of(Format.CIFAR) : Optional.empty();
  }

  private static List<FileStatus> children(DataFolder folder, List<Path> parts) {
    List<FileStatus> below = new ArrayList<>();
    for (Path part : parts) {
      below.addAll(folder.children(part));
    }
    return below;
  }

  /** Looks at what a set is named after, or what that directory holds. */
  private static Optional<Format> ofChildren(List<FileStatus> below, DataSettings settings) {
    String extension = "." + settings.table().format();
    if (below.stream().anyMatch(status -> status.isFile() && TarSource.isShard(name(status)))) {
      return Optional.of(Format.WEBDATASET);
    }
    if (below.stream().anyMatch(status -> status.isFile() && name(status).endsWith(extension))) {
      return Optional.of(Format.TABLE);
    }
    return below.stream().anyMatch(FileStatus::isDirectory)
        ? Optional.of(Format.FOLDER)
        : Optional.empty();
  }

  private static JobException unknown(DataFolder folder, DataSettings settings) {
    return JobException.missingInput(
        "Cannot find images in %s: expected IDX files (train-images-idx3-ubyte and three more), CIFAR's binary files (data_batch_1.bin or train.bin), tar files train*.tar, a table train*.%s, or a folder train with a folder for each class; got %s. Set data.format, data.train and data.test, or data.test-fraction for one set."
            .formatted(
                folder.root(),
                settings.table().format(),
                DataFolder.names(folder.children(folder.root()))),
        null);
  }

  private static List<Path> training(DataFolder folder, DataSettings settings) {
    if (settings.train().isPresent()) {
      return folder.named(settings.train().get());
    }
    return settings.testFraction() > 0
        ? folder.whole()
        : DataFolder.TRAIN.stream().flatMap(pattern -> folder.named(pattern).stream()).toList();
  }

  private static String name(FileStatus status) {
    return status.getPath().getName();
  }
}
