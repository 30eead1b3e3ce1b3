package dev.featuremap.job.images;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ImageSet;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.NamedSets;
import dev.featuremap.job.images.source.PassedOver;
import dev.featuremap.job.images.source.SourceSummary;
import dev.featuremap.job.images.source.SplitSource;
import dev.featuremap.job.images.source.table.TableSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** What a run trains on and what it tests on; each is opened when it is first asked for. */
public final class DataSets {
  private final Supplier<ImageSource> train;
  private final Supplier<ImageSource> test;
  private final Supplier<PassedOver> beside;

  private DataSets(Supplier<ImageSource> train, Supplier<ImageSource> test) {
    this(train, test, () -> PassedOver.NONE);
  }

  private DataSets(
      Supplier<ImageSource> train, Supplier<ImageSource> test, Supplier<PassedOver> beside) {
    this.train = new Once<>(train);
    this.test = new Once<>(test);
    this.beside = beside;
  }

  /**
   * Finds out what lies where the settings point.
   *
   * @throws JobException with {@code MISSING_INPUT} and what was looked for when nothing fits
   */
  public static DataSets open(JavaSparkContext spark, DataSettings settings) {
    DataFolder folder = DataFolder.of(spark.hadoopConfiguration(), settings);
    SourceFormat format = FormatLookup.of(folder, settings);
    if (format instanceof SourceFormat.Named named) {
      requireNoParts(settings, format);
      NamedSets sets = named.opener().apply(folder);
      return new DataSets(sets::train, sets::test);
    }
    if (format.format() == Format.TABLE && settings.table().isCatalog()) {
      return named(spark, settings);
    }
    SourceFormat.Parts parts = (SourceFormat.Parts) format;
    return parts(
        settings,
        new SetPlaces(folder, settings, parts),
        paths ->
            parts.opener().apply(new ImageSet(spark, settings, folder, paths, Optional.empty())));
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
    DataFolder folder = DataFolder.of(spark.hadoopConfiguration(), settings);
    if (settings.table().isCatalog()) {
      return TableSource.open(
          spark,
          settings,
          settings.test().orElseThrow(() -> unnamed("data.test")),
          Optional.of(kept));
    }
    List<Path> paths =
        settings.test().isPresent()
            ? folder.part("data.test", settings.test(), List.of())
            : folder.whole();
    SourceFormat format = FormatLookup.ofSet(folder, settings, paths);
    if (format.format() != Format.TABLE && !kept.isEmpty()) {
      throw JobException.usage(
          "Cannot keep %s of %s: only tables have columns, got data.format = %s. Leave out --keep."
              .formatted(String.join(", ", kept), settings.path(), format.format().text()));
    }
    return format instanceof SourceFormat.Parts parts
        ? parts.opener().apply(new ImageSet(spark, settings, folder, paths, Optional.of(kept)))
        : ((SourceFormat.Named) format).opener().apply(folder).test();
  }

  /** What is trained on. */
  public ImageSource train() {
    return train.get();
  }

  /** What is tested on. */
  public ImageSource test() {
    return test.get();
  }

  /** A line about each set for people: how many images of which classes, and what is none. */
  public List<String> describe() {
    return List.of(SourceSummary.of(train()), SourceSummary.of(test(), beside.get()));
  }

  private static DataSets parts(
      DataSettings settings, SetPlaces places, Function<List<Path>, ImageSource> opener) {
    if (settings.testFraction() > 0) {
      Supplier<List<Path>> shared = new Once<>(places::shared);
      return shares(
          settings, () -> opener.apply(shared.get()), () -> places.beside(List.of(shared.get())));
    }
    Supplier<List<Path>> train = new Once<>(places::train);
    Supplier<List<Path>> test = new Once<>(places::test);
    return new DataSets(
        () -> opener.apply(train.get()),
        () -> opener.apply(test.get()),
        () -> places.beside(List.of(train.get(), test.get())));
  }

  private static DataSets named(JavaSparkContext spark, DataSettings settings) {
    String train = settings.train().orElseThrow(() -> unnamed("data.train"));
    if (settings.testFraction() > 0) {
      return shares(
          settings,
          () -> TableSource.open(spark, settings, train, Optional.empty()),
          () -> PassedOver.NONE);
    }
    String test = settings.test().orElseThrow(() -> unnamed("data.test"));
    return new DataSets(
        () -> TableSource.open(spark, settings, train, Optional.empty()),
        () -> TableSource.open(spark, settings, test, Optional.empty()));
  }

  private static DataSets shares(
      DataSettings settings, Supplier<ImageSource> open, Supplier<PassedOver> beside) {
    Supplier<ImageSource> whole = new Once<>(open);
    return new DataSets(
        () -> SplitSource.train(whole.get(), settings),
        () -> SplitSource.test(whole.get(), settings),
        beside);
  }

  private static JobException unnamed(String key) {
    return JobException.usage(
        "Cannot use data.table.format = catalog: %s must name a table, got nothing."
            .formatted(key));
  }

  private static void requireNoParts(DataSettings settings, SourceFormat format) {
    if (settings.train().isPresent()
        || settings.test().isPresent()
        || settings.testFraction() > 0) {
      throw JobException.usage(
          "Cannot use data.train, data.test or data.test-fraction with data.format = %s: its files name the sets. Leave them out."
              .formatted(format.format().text()));
    }
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
