package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Ids;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkUri;
import dev.featuremap.job.images.source.ExplicitIds;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSet;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.path.PathText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A table that Spark reads, with a column of images, or of their paths, and one of labels.
 *
 * <p>Records are numbered by a column, or in the order of file names and of rows in them: a first
 * pass counts the rows of each split of each file, whatever splits Spark makes.
 */
public final class TableSource implements ImageSource {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");

  private final String name;
  private final TableColumns columns;
  private final DataSettings settings;
  private final Optional<ImagePaths> paths;
  private final KeptColumns kept;
  private final Dataset<Row> rows;
  private final LabelIndex labels;
  private final Optional<Map<FileSplit, Long>> firstRows;
  private final long images;

  /** The images of all rows of a table. */
  TableSource(OpenTable open) {
    Dataset<Row> table = open.rows();
    Optional<List<String>> kept = open.kept();
    this.name = open.name();
    this.settings = open.settings();
    boolean labelled = kept.isEmpty();
    this.columns = TableColumns.of(name, table, settings, labelled);
    this.paths = columns.image().hasPaths() ? Optional.of(open.files().get()) : Optional.empty();
    this.kept = KeptColumns.of(name, table, kept.orElse(List.of()));
    this.rows =
        table.select(
            columns.image().bytes().as("image"),
            columns.label().as("label"),
            columns.id().as("id"),
            functions.input_file_name().as("file"),
            functions.input_file_block_start().as("start"),
            this.kept.column().as("kept"),
            columns.image().path().as("path"),
            columns.image().plain().as("plain"));
    boolean explicit = settings.ids() == Ids.EXPLICIT;
    if (explicit) {
      this.firstRows = Optional.empty();
      this.images = isList() ? rows.javaRDD().count() : rows.select("label").count();
    } else {
      Map<FileSplit, Long> rowsOf = FileSplit.countRows(name, rows, isList());
      this.firstRows = Optional.of(FileSplit.firstRows(rowsOf));
      this.images = rowsOf.values().stream().mapToLong(Long::longValue).sum();
    }
    if (images == 0) {
      throw JobException.missingInput(
          "Cannot find images in %s: the table has no rows.".formatted(name), null);
    }
    if (explicit) {
      // Null is no number from 0 on.
      JavaRDD<Long> ids =
          rows.select(functions.coalesce(functions.col("id"), functions.lit(-1L)))
              .javaRDD()
              .map(row -> row.getLong(0));
      ExplicitIds.check(ids, images, name);
    }
    this.labels =
        labelled && columns.names().isEmpty() ? found() : LabelIndex.named(columns.names(), name);
  }

  /** True for files whose ending is the format of tables. */
  public static boolean isFile(FileStatus status, DataSettings settings) {
    String format = settings.table().format();
    String file = status.getPath().getName();
    return status.isFile()
        && ListFormat.of(format)
            .map(list -> list.isFile(file))
            .orElseGet(() -> file.endsWith("." + format));
  }

  /**
   * Reads the schema of files and counts their rows.
   *
   * @throws JobException with {@code MISSING_INPUT} when Spark cannot read them or they are empty,
   *     {@code BAD_DATA} when a file is damaged, {@code USAGE} when a column is missing or of
   *     another type, or when files are a table of another format
   */
  public static TableSource open(ImageSet set) {
    return new TableSource(OpenTable.of(set));
  }

  /**
   * The same for a table of Spark's catalog.
   *
   * @param kept where images need no labels: expressions of SQL over the columns
   */
  public static TableSource open(
      JavaSparkContext spark, DataSettings settings, String table, Optional<List<String>> kept) {
    return new TableSource(OpenTable.named(spark, settings, table, kept));
  }

  private boolean isList() {
    return ListFormat.of(settings.table().format()).isPresent();
  }

  private LabelIndex found() {
    Column label = functions.col("label");
    Dataset<Row> labelled = rows.where(label.isNotNull());
    List<String> found =
        labelled.select(label).distinct().collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    if (columns.fraction() != null) {
      found.stream()
          .filter(text -> !WHOLE.matcher(text).matches())
          .sorted()
          .findFirst()
          .ifPresent(text -> refuse(text, labelled.where(label.equalTo(text)).first()));
    }
    return columns.several() ? LabelIndex.ofSets(found, name) : LabelIndex.of(found);
  }

  private void refuse(String label, Row row) {
    String file = SparkUri.decoded(row.getString(3));
    throw JobException.badData(
        "Cannot read %s: column %s (data.table.label) must hold whole numbers, got %s in %s. Mend it, or set data.table.label = \"string(%s)\" to take numbers as names."
            .formatted(
                name,
                columns.fraction().name(),
                label,
                file.isEmpty() ? name : file,
                columns.fraction().name()));
  }

  @Override
  public long images() {
    return images;
  }

  @Override
  public LabelIndex labels() {
    return labels;
  }

  @Override
  public StructType kept() {
    return kept.schema();
  }

  @Override
  public Optional<SourceMarks> marks(JavaSparkContext spark) {
    List<Path> files = Arrays.stream(rows.inputFiles()).sorted().map(PathText::ofEncoded).toList();
    if (paths.isPresent()) {
      return Optional.of(marksOfImages(files));
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(SourceMarks.of(spark.hadoopConfiguration(), files));
  }

  /** Of the images in the order of their ids, and then of the files that name them. */
  private SourceMarks marksOfImages(List<Path> files) {
    long all = images + files.size();
    TableRows records = records(IdFilter.ALL);
    SourceMarks marks =
        rows.javaRDD()
            .mapPartitions(part -> records.marks(part, all))
            .fold(new SourceMarks(all), SourceMarks::add);
    for (int k = 0; k < files.size(); k++) {
      paths.orElseThrow().mark(marks, images + k, files.get(k));
    }
    return marks;
  }

  private TableRows records(IdFilter wanted) {
    return new TableRows(
        name,
        firstRows.orElse(null),
        columns.names(),
        wanted,
        settings.maxBytes(),
        settings.maxPixels(),
        paths.orElse(null));
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    return rows.javaRDD().mapPartitions(records(wanted));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d images in %s", images, name);
  }
}
