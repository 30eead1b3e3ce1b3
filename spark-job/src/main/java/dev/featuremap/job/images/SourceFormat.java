package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ImageSet;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.NamedSets;
import dev.featuremap.job.images.source.cifar.CifarDirectory;
import dev.featuremap.job.images.source.folder.FolderSource;
import dev.featuremap.job.images.source.idx.IdxDirectory;
import dev.featuremap.job.images.source.table.TableSource;
import dev.featuremap.job.images.source.tar.TarSource;
import dev.featuremap.job.images.source.tfrecord.TfRecordSource;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;

/** A format of images: how it is told from names, and how its sets are opened. */
sealed interface SourceFormat {
  /**
   * Each format has its entry here and nowhere else. They are looked for in this order, the most
   * particular names first.
   */
  List<SourceFormat> ALL =
      List.of(
          new Named(
              Format.IDX,
              "IDX files (train-images-idx3-ubyte and three more)",
              IdxDirectory::isIn,
              IdxDirectory::open),
          new Named(
              Format.CIFAR,
              "CIFAR's binary files (data_batch_1.bin or train.bin)",
              CifarDirectory::isIn,
              CifarDirectory::open),
          new Parts(Format.WEBDATASET, "tar files train*.tar", TarSource::isShard, TarSource::open),
          new Parts(
              Format.TFRECORD,
              "TFRecord files train*.tfrecord",
              TfRecordSource::isFile,
              TfRecordSource::open),
          new Parts(Format.TABLE, "a table train*.%s", TableSource::isFile, TableSource::open),
          new Parts(
              Format.FOLDER,
              "a folder train with a folder for each class",
              (child, settings) -> child.isDirectory(),
              FolderSource::open));

  /** The entry of a format other than {@code AUTO}. */
  static SourceFormat of(Format format) {
    return ALL.stream().filter(entry -> entry.format() == format).findFirst().orElseThrow();
  }

  /** Its constant in the settings. */
  Format format();

  /** What is looked for, for messages; {@code %s} is the extension of tables. */
  String looks();

  /**
   * A format whose files have names of their own, which say what they are for.
   *
   * @param sign true for a directory that holds such a file
   */
  record Named(
      Format format,
      String looks,
      Predicate<DataFolder> sign,
      Function<DataFolder, NamedSets> opener)
      implements SourceFormat {}

  /**
   * A format whose sets lie wherever the settings say.
   *
   * @param sign true for something in a set by which the format can be told
   */
  record Parts(
      Format format,
      String looks,
      BiPredicate<FileStatus, DataSettings> sign,
      Function<ImageSet, ImageSource> opener)
      implements SourceFormat {}
}
