package dev.featuremap.job.source;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import java.util.ArrayList;
import java.util.List;
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
    List<FileStatus> top = folder.children(folder.root());
    if (top.stream().anyMatch(status -> name(status).matches(".*[.-]idx[13]-ubyte(\\.gz)?"))) {
      return Format.IDX;
    }
    if (CifarDirectory.isIn(folder)) {
      return Format.CIFAR;
    }
    return ofParts(folder, settings, top);
  }

  /** Looks at one set: what it is named after, or what that directory holds. */
  private static Format ofParts(DataFolder folder, DataSettings settings, List<FileStatus> top) {
    String extension = "." + settings.table().format();
    List<FileStatus> below = new ArrayList<>();
    for (Path part : training(folder, settings)) {
      below.addAll(folder.children(part));
    }
    if (below.stream().anyMatch(status -> status.isFile() && TarSource.isShard(name(status)))) {
      return Format.WEBDATASET;
    }
    if (below.stream().anyMatch(status -> status.isFile() && name(status).endsWith(extension))) {
      return Format.TABLE;
    }
    if (below.stream().anyMatch(FileStatus::isDirectory)) {
      return Format.FOLDER;
    }
    throw JobException.missingInput(
        "Cannot find images in %s: expected IDX files (train-images-idx3-ubyte and three more), CIFAR's binary files (data_batch_1.bin or train.bin), tar files train*.tar, a table train*%s, or a folder train with a folder for each class; got %s. Set data.format, data.train and data.test, or data.test-fraction for one set."
            .formatted(folder.root(), extension, DataFolder.names(top)),
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
