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
import dev.featuremap.job.images.source.table.OpenTable;
import dev.featuremap.job.images.source.table.TableSource;
import dev.featuremap.job.images.source.table.TableSplits;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a run trains on, what it chooses the best epoch by, and what it tests on; each is opened
 * when it is first asked for.
 */
public final class DataSets {
  private final Supplier<ImageSource> train;
  private final Supplier<Optional<ImageSource>> validation;
  private final Supplier<ImageSource> test;
  private final Supplier<PassedOver> beside;
  private final boolean findsValidation;

  private DataSets(
      Supplier<ImageSource> train,
      Supplier<Optional<ImageSource>> validation,
      Supplier<ImageSource> test,
      Supplier<PassedOver> beside,
      boolean findsValidation) {
    this.train = new Once<>(train);
    this.validation = new Once<>(validation);
    this.test = new Once<>(test);
    this.beside = beside;
    this.findsValidation = findsValidation;
  }

  /**
   * Finds out what lies where the settings point.
   *
   * @throws JobException with {@code MISSING_INPUT} and what was looked for when nothing fits
   */
  public static DataSets open(JavaSparkContext spark, DataSettings settings) {
    DataFolder folder = DataFolder.of(spark.hadoopConfiguration(), settings);
    SourceFormat format = FormatLookup.of(folder, settings);
    if (settings.table().split().isPresent()) {
      return split(spark, settings, folder, format);
    }
    if (format instanceof SourceFormat.Named named) {
      requireNoParts(settings, format);
      NamedSets sets = named.opener().apply(folder);
      return divided(
          spark,
          settings,
          new DataSets(sets::train, Optional::empty, sets::test, () -> PassedOver.NONE, false));
    }
    if (format.format() == Format.TABLE && settings.table().isCatalog()) {
      return named(spark, settings);
    }
    SourceFormat.Parts parts = (SourceFormat.Parts) format;
    return parts(
        spark,
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

  /** What the best epoch is chosen by; empty if that is what is tested on. */
  public Optional<ImageSource> validation() {
    return validation.get();
  }

  /** The same without validation images that no setting has asked for. */
  public DataSets withoutFoundValidation() {
    return findsValidation ? new DataSets(train, Optional::empty, test, beside, false) : this;
  }

  /** What is tested on. */
  public ImageSource test() {
    return test.get();
  }

  /** A line about each set for people: how many images of which classes, and what is none. */
  public List<String> describe() {
    return Stream.of(
            Stream.of(SourceSummary.of(train())),
            validation().stream().map(SourceSummary::of),
            Stream.of(SourceSummary.of(test(), beside.get())))
        .flatMap(lines -> lines)
        .toList();
  }

  private static DataSets parts(
      JavaSparkContext spark,
      DataSettings settings,
      SetPlaces places,
      Function<List<Path>, ImageSource> opener) {
    Supplier<List<Path>> validation = new Once<>(places::validation);
    Supplier<Optional<ImageSource>> opened =
        () -> Optional.of(validation.get()).filter(paths -> !paths.isEmpty()).map(opener);
    if (settings.testFraction() > 0) {
      Supplier<List<Path>> shared = new Once<>(places::shared);
      return shares(
          spark,
          settings,
          () -> opener.apply(shared.get()),
          opened,
          () -> places.beside(List.of(shared.get(), validation.get())));
    }
    Supplier<List<Path>> train = new Once<>(places::train);
    Supplier<List<Path>> test = new Once<>(places::test);
    return divided(
        spark,
        settings,
        new DataSets(
            () -> opener.apply(train.get()),
            opened,
            () -> opener.apply(test.get()),
            () -> places.beside(List.of(train.get(), validation.get(), test.get())),
            settings.findsValidation()));
  }

  private static DataSets split(
      JavaSparkContext spark, DataSettings settings, DataFolder folder, SourceFormat format) {
    if (format.format() != Format.TABLE) {
      throw JobException.usage(
          "Cannot use data.table.split with data.format = %s: only tables have columns. Leave it out, or set data.format = table."
              .formatted(format.format().text()));
    }
    SetPlaces places = new SetPlaces(folder, settings, (SourceFormat.Parts) format);
    boolean isCatalog = settings.table().isCatalog();
    Supplier<List<Path>> paths = new Once<>(places::shared);
    Supplier<OpenTable> table =
        () ->
            isCatalog
                ? OpenTable.named(
                    spark,
                    settings,
                    settings.train().orElseThrow(() -> unnamed("data.train")),
                    Optional.empty())
                : OpenTable.of(
                    new ImageSet(spark, settings, folder, paths.get(), Optional.empty()));
    Supplier<TableSplits> splits = new Once<>(() -> TableSplits.of(table.get()));
    return divided(
        spark,
        settings,
        new DataSets(
            () -> splits.get().train(),
            () -> splits.get().validation(),
            () -> splits.get().test(),
            () ->
                isCatalog
                    ? splits.get().beside()
                    : splits.get().beside().plus(places.beside(List.of(paths.get()))),
            true));
  }

  private static DataSets named(JavaSparkContext spark, DataSettings settings) {
    String train = settings.train().orElseThrow(() -> unnamed("data.train"));
    Supplier<Optional<ImageSource>> validation =
        () ->
            settings
                .namedValidation()
                .map(name -> TableSource.open(spark, settings, name, Optional.empty()));
    if (settings.testFraction() > 0) {
      return shares(
          spark,
          settings,
          () -> TableSource.open(spark, settings, train, Optional.empty()),
          validation,
          () -> PassedOver.NONE);
    }
    String test = settings.test().orElseThrow(() -> unnamed("data.test"));
    return divided(
        spark,
        settings,
        new DataSets(
            () -> TableSource.open(spark, settings, train, Optional.empty()),
            validation,
            () -> TableSource.open(spark, settings, test, Optional.empty()),
            () -> PassedOver.NONE,
            false));
  }

  /** Takes validation images from those to train on, if a share of them is asked for. */
  private static DataSets divided(JavaSparkContext spark, DataSettings settings, DataSets sets) {
    if (settings.validationFraction() == 0) {
      return sets;
    }
    Supplier<SplitSource.Shares> shares =
        new Once<>(() -> SplitSource.divide(spark, sets.train(), settings));
    return new DataSets(
        () -> shares.get().train(), () -> shares.get().validation(), sets.test, sets.beside, false);
  }

  private static DataSets shares(
      JavaSparkContext spark,
      DataSettings settings,
      Supplier<ImageSource> open,
      Supplier<Optional<ImageSource>> validation,
      Supplier<PassedOver> beside) {
    Supplier<SplitSource.Shares> shares =
        new Once<>(() -> SplitSource.divide(spark, open.get(), settings));
    return new DataSets(
        () -> shares.get().train(),
        () -> shares.get().validation().or(validation),
        () -> shares.get().test().orElseThrow(),
        beside,
        false);
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
    if (settings.namedValidation().isPresent()) {
      throw JobException.usage(
          "Cannot use data.validation with data.format = %s: its files name the sets. Take a share of the training images by data.validation-fraction."
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
