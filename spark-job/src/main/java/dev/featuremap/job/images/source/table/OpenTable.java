package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkFailure;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ImageSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table that Spark has opened; no row of it is read yet.
 *
 * @param name for messages
 * @param kept where images need no labels: expressions of SQL over the columns
 * @param files finds the images that rows name by paths
 */
public record OpenTable(
    String name,
    Dataset<Row> rows,
    DataSettings settings,
    Optional<List<String>> kept,
    Supplier<ImagePaths> files) {

  /**
   * Of files.
   *
   * @throws JobException with {@code MISSING_INPUT} when Spark cannot read them, {@code BAD_DATA}
   *     when a file is damaged, {@code USAGE} when they are a table of another format
   */
  public static OpenTable of(ImageSet set) {
    JavaSparkContext spark = set.spark();
    DataSettings settings = set.settings();
    List<Path> paths = set.paths();
    set.folder().requireReadableBelow(paths);
    LakeTable.requireNone(set.folder(), paths, settings);
    String name = DataFolder.places(paths);
    TableLoad load =
        new TableLoad(spark, set.folder(), paths, settings.table(), set.unlabelled().isEmpty());
    return new OpenTable(
        name,
        read("%s as %s".formatted(name, settings.table().format()), load::rows),
        settings,
        set.unlabelled(),
        () -> ImagePaths.of(spark, set.folder(), name, paths, settings));
  }

  /** Of Spark's catalog. */
  public static OpenTable named(
      JavaSparkContext spark, DataSettings settings, String table, Optional<List<String>> kept) {
    return new OpenTable(
        "table " + table,
        read("table " + table, () -> TableSession.ofCatalog(spark).table(table)),
        settings,
        kept,
        () -> ImagePaths.of(spark, catalogFolder(spark, settings), table, List.of(), settings));
  }

  /** Some of its rows, named so. */
  OpenTable where(String part, Column condition) {
    return new OpenTable(
        "%s (split: %s)".formatted(name, part), rows.where(condition), settings, kept, files);
  }

  /** A table that lies nowhere has no directory of its own. */
  private static DataFolder catalogFolder(JavaSparkContext spark, DataSettings settings) {
    return settings
        .table()
        .images()
        .map(
            images ->
                new DataFolder(
                    spark.hadoopConfiguration(),
                    DataFolder.qualify(spark.hadoopConfiguration(), images),
                    settings.followLinks()))
        .orElseGet(() -> DataFolder.of(spark.hadoopConfiguration(), settings));
  }

  /** Spark's own exceptions are checked, and no signature declares them. */
  private static Dataset<Row> read(String what, Reader reader) {
    try {
      return reader.read();
    } catch (JobException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      // Spark also asserts what it wants of the folders of a table.
      String message = Objects.toString(e.getMessage(), e.toString());
      throw SparkFailure.ofFile(e)
          .orElseGet(
              () ->
                  JobException.missingInput(
                      "Cannot read %s: %s".formatted(what, firstSentence(message)), e));
    }
  }

  /** What stands before a plan or an example; Delta breaks its sentences into lines. */
  private static String firstSentence(String message) {
    StringBuilder text = new StringBuilder();
    for (String line : message.lines().toList()) {
      if (line.isBlank() || text.toString().matches("(?s).*[.:;]")) {
        break;
      }
      text.append(text.length() > 0 ? " " : "").append(line.strip());
    }
    return text.toString();
  }

  private interface Reader {
    Dataset<Row> read() throws Exception;
  }
}
