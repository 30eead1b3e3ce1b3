package dev.featuremap.job.config;

import dev.featuremap.image.Resize;
import dev.featuremap.spec.Options;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Where images are and how they are read. None of it is part of a run's fingerprint: images prove
 * their identity by digests.
 *
 * @param path directory that holds them all
 * @param format what lies there
 * @param train which part of it is trained on: a path or glob below {@code path}, or a table's name
 * @param test which part of it is tested on, like {@code train}
 * @param validation which part of it chooses the best epoch, like {@code train}; found beside the
 *     others if it is not given
 * @param testFraction share of one set that is tested on, 0 for two sets
 * @param validationFraction share of the set that is divided, or else of the training images, that
 *     chooses the best epoch; 0 for none
 * @param stratified whether each class is divided by itself
 * @param splitSeed decides which
 * @param ids where record ids come from
 * @param resize what happens to images of another size than the network's input
 * @param upright whether images are turned as their EXIF data say
 * @param keep how executors keep images; empty if that is up to their memory
 * @param maxPixels the most pixels of an image, from its head, before it is decoded
 * @param maxBytes the most bytes of an encoded image
 * @param maxBadRecords how many images may be unusable
 * @param followLinks whether links in a local directory may lead out of it
 * @param tarLabel the extension of the file in tar archives that holds the label, or {@code folder}
 * @param table what is particular to tables
 */
public record DataSettings(
    Path path,
    Format format,
    Optional<String> train,
    Optional<String> test,
    Optional<String> validation,
    double testFraction,
    double validationFraction,
    boolean stratified,
    long splitSeed,
    Ids ids,
    Resize resize,
    boolean upright,
    Optional<ShardStorage> keep,
    int maxPixels,
    int maxBytes,
    int maxBadRecords,
    boolean followLinks,
    String tarLabel,
    Table table) {

  /** The word that says that there are no validation images, whatever lies beside the others. */
  public static final String NO_VALIDATION = "none";

  /** What holds the images. */
  public enum Format {
    /** Told from what lies at the path. */
    AUTO,
    /** The four files of MNIST and its like. */
    IDX,
    /** A folder for each class. */
    FOLDER,
    /** Any table that Spark reads. */
    TABLE,
    /** The binary files of CIFAR-10 or CIFAR-100. */
    CIFAR,
    /** Tar files in which files of one base name are a sample. */
    WEBDATASET,
    /** TensorFlow's files of examples. */
    TFRECORD;

    /** The name as in settings. */
    public String text() {
      return Options.word(this);
    }
  }

  /** Where record ids come from. */
  public enum Ids {
    /** The order of files and of records in them. */
    ORDER,
    /** The data: a column of a table, the number that is a file's base name. */
    EXPLICIT
  }

  /**
   * What is particular to tables.
   *
   * @param format a format of Spark's reader, or {@code catalog} where names of tables are given
   * @param image the column with images, or an expression over columns
   * @param label the column with labels, or an expression over columns
   * @param split the column that says in which set a row is, or an expression over columns; empty
   *     where sets lie apart
   * @param id the column with record ids, read where ids are explicit
   * @param images the directory that paths of images are in, and relative to; empty for that of the
   *     table
   * @param extension what paths of images lack
   */
  public record Table(
      String format,
      String image,
      String label,
      Optional<String> split,
      String id,
      Optional<Path> images,
      Optional<String> extension) {
    /** The format of tables that have names. */
    public static final String CATALOG = "catalog";

    /** True when tables are given by names. */
    public boolean isCatalog() {
      return format.equals(CATALOG);
    }
  }

  /** The same with another way to resize, and images that are turned or not. */
  public DataSettings reading(Resize other, boolean turned) {
    return new DataSettings(
        path,
        format,
        train,
        test,
        validation,
        testFraction,
        validationFraction,
        stratified,
        splitSeed,
        ids,
        other,
        turned,
        keep,
        maxPixels,
        maxBytes,
        maxBadRecords,
        followLinks,
        tarLabel,
        table);
  }

  static DataSettings read(Options section) {
    Options table = section.section("table");
    double validationFraction = fraction(section, "validation-fraction");
    DataSettings settings =
        new DataSettings(
            Locations.read(section, "path", "data.path"),
            section.choice("format", Format.class),
            section.optionalText("train"),
            section.optionalText("test"),
            section.optionalText("validation"),
            fraction(section, "test-fraction"),
            validationFraction,
            isStratified(section, validationFraction),
            section.longInteger("split-seed"),
            section.choice("ids", Ids.class),
            Resize.read(section, "resize"),
            section.choice("exif-rotation", List.of("ignore", "apply")).equals("apply"),
            section.optionalChoice("keep", "auto", ShardStorage.class),
            section.integer("max-pixels", 1, Integer.MAX_VALUE / 4),
            section.integer("max-bytes", 1, Integer.MAX_VALUE / 2),
            section.integer("max-bad-records", 0, Integer.MAX_VALUE),
            section.flag("follow-links"),
            section.text("tar-label"),
            new Table(
                table.text("format"),
                table.text("image"),
                table.text("label"),
                table.optionalText("split"),
                table.text("id"),
                Locations.readOptional(table, "images", "data.table.images"),
                table.optionalText("extension")));
    if (settings.testFraction > 0 && settings.test.isPresent()) {
      section.problem(
          "Cannot use data.test and data.test-fraction together: both say what is tested on. Give one of them.");
    }
    if (settings.validationFraction > 0 && settings.validation.isPresent()) {
      section.problem(
          "Cannot use data.validation and data.validation-fraction together: both say what chooses the best epoch. Give one of them.");
    }
    settings.table.split.ifPresent(column -> settings.requireNoOtherSets(section));
    return settings;
  }

  private void requireNoOtherSets(Options section) {
    List.of(
            Map.entry("data.test", test.isPresent()),
            Map.entry("data.validation", namedValidation().isPresent()),
            Map.entry("data.test-fraction", testFraction > 0))
        .forEach(
            other -> {
              if (other.getValue()) {
                section.problem(
                    "Cannot use data.table.split and %s together: the column of the table says which rows are in which set. Give one of them."
                        .formatted(other.getKey()));
              }
            });
  }

  private static boolean isStratified(Options section, double validationFraction) {
    String stratified = section.choice("stratified", List.of("auto", "true", "false"));
    return stratified.equals("auto") ? validationFraction > 0 : stratified.equals("true");
  }

  private static double fraction(Options section, String key) {
    return section.number(key, "of at least 0 and below 1", f -> f >= 0 && f < 1);
  }

  /** True if validation images are those that lie beside the others under a usual name. */
  public boolean findsValidation() {
    return train.isEmpty()
        && test.isEmpty()
        && validation.isEmpty()
        && !isOneSet()
        && validationFraction == 0;
  }

  /** True where all images lie together and are divided: by a share, or by a column of a table. */
  public boolean isOneSet() {
    return testFraction > 0 || table.split.isPresent();
  }

  /** The validation images that are named. */
  public Optional<String> namedValidation() {
    return validation.filter(name -> !name.equals(NO_VALIDATION));
  }
}
