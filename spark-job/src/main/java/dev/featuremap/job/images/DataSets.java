package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.Share;
import dev.featuremap.job.images.source.cifar.CifarDirectory;
import dev.featuremap.job.images.source.folder.FolderSource;
import dev.featuremap.job.images.source.idx.IdxDirectory;
import dev.featuremap.job.images.source.table.TableSource;
import dev.featuremap.job.images.source.tar.TarSource;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** What a run trains on and what it tests on; each is opened when it is first asked for. */
public final class DataSets {
  private final Supplier<ImageSource> train;
  private final Supplier<ImageSource> test;

  private DataSets(Supplier<ImageSource> train, Supplier<ImageSource> test) {
    this.train = new Once<>(train);
    this.test = new Once<>(test);
  }

  /**
   * Finds out what lies where the settings point.
   *
   * @throws JobException with {@code MISSING_INPUT} and what was looked for when nothing fits
   */
  public static DataSets open(JavaSparkContext spark, DataSettings settings) {
    DataFolder folder = DataFolder.of(spark.hadoopConfiguration(), settings.path());
    Format format = FormatLookup.of(folder, settings);
    return switch (format) {
      case IDX -> {
        requireNoParts(settings, format);
        IdxDirectory directory = IdxDirectory.open(spark.hadoopConfiguration(), settings.path());
        yield new DataSets(directory::train, directory::test);
      }
      case CIFAR -> {
        requireNoParts(settings, format);
        CifarDirectory directory = CifarDirectory.open(folder);
        yield new DataSets(directory::train, directory::test);
      }
      case FOLDER ->
          parts(settings, folder, paths -> FolderSource.open(spark, settings, folder, paths));
      case WEBDATASET ->
          parts(settings, folder, paths -> TarSource.open(spark, settings, folder, paths));
      case TABLE ->
          settings.table().isCatalog()
              ? named(spark, settings)
              : parts(settings, folder, paths -> TableSource.open(spark, settings, paths));
      case AUTO -> throw new IllegalStateException("The lookup gives a format.");
    };
  }

  /**
   * All images that lie where the settings point, or those of {@code data.test} alone; they need no
   * labels. Of IDX and CIFAR's files it is the test set.
   *
   * @param kept expressions of SQL over the columns of a table; empty where there is none
   * @throws JobException as {@link #open} does, and with {@code USAGE} when nothing can be kept
   */
  public static ImageSource unlabelled(
      JavaSparkContext spark, DataSettings settings, List<String> kept) {
    DataFolder folder = DataFolder.of(spark.hadoopConfiguration(), settings.path());
    if (settings.table().isCatalog()) {
      return TableSource.open(
          spark, settings, settings.test().orElseThrow(() -> unnamed("data.test")), kept);
    }
    List<Path> paths =
        settings.test().isPresent()
            ? folder.part("data.test", settings.test(), List.of())
            : folder.whole();
    Format format = FormatLookup.ofSet(folder, settings, paths);
    if (format != Format.TABLE && !kept.isEmpty()) {
      throw JobException.usage(
          "Cannot keep %s of %s: only tables have columns, got data.format = %s. Leave out --keep."
              .formatted(String.join(", ", kept), settings.path(), format.text()));
    }
    return switch (format) {
      case IDX -> IdxDirectory.open(spark.hadoopConfiguration(), settings.path()).test();
      case CIFAR -> CifarDirectory.open(folder).test();
      case FOLDER -> FolderSource.unlabelled(spark, settings, paths);
      case WEBDATASET -> TarSource.open(spark, settings, folder, paths);
      case TABLE -> TableSource.open(spark, settings, paths, kept);
      case AUTO -> throw new IllegalStateException("The lookup gives a format.");
    };
  }

  /** What is trained on. */
  public ImageSource train() {
    return train.get();
  }

  /** What is tested on. */
  public ImageSource test() {
    return test.get();
  }

  private static DataSets parts(DataSettings settings, DataFolder folder, Opener opener) {
    if (settings.testFraction() > 0) {
      return shares(
          settings,
          () ->
              opener.open(
                  settings.train().isPresent()
                      ? folder.part("data.train", settings.train(), List.of())
                      : folder.whole()));
    }
    return new DataSets(
        () -> opener.open(folder.part("data.train", settings.train(), DataFolder.TRAIN)),
        () -> opener.open(folder.part("data.test", settings.test(), DataFolder.TEST)));
  }

  private static DataSets named(JavaSparkContext spark, DataSettings settings) {
    String train = settings.train().orElseThrow(() -> unnamed("data.train"));
    if (settings.testFraction() > 0) {
      return shares(settings, () -> TableSource.open(spark, settings, train));
    }
    String test = settings.test().orElseThrow(() -> unnamed("data.test"));
    return new DataSets(
        () -> TableSource.open(spark, settings, train),
        () -> TableSource.open(spark, settings, test));
  }

  private static DataSets shares(DataSettings settings, Supplier<ImageSource> open) {
    Supplier<ImageSource> whole = new Once<>(open);
    return new DataSets(
        () -> Share.train(whole.get(), settings), () -> Share.test(whole.get(), settings));
  }

  private static JobException unnamed(String key) {
    return JobException.usage(
        "Cannot use data.table.format = catalog: %s must name a table, got nothing."
            .formatted(key));
  }

  private static void requireNoParts(DataSettings settings, Format format) {
    if (settings.train().isPresent()
        || settings.test().isPresent()
        || settings.testFraction() > 0) {
      throw JobException.usage(
          "Cannot use data.train, data.test or data.test-fraction with data.format = %s: its files name the sets. Leave them out."
              .formatted(format.text()));
    }
  }

  /** Opens one set of one format. */
  private interface Opener {
    ImageSource open(List<Path> paths);
  }

  /** A value that is made when it is first needed; for one thread. */
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private T value;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    @Override
    public T get() {
      if (value == null) {
        value = maker.get();
      }
      return value;
    }
  }
}
