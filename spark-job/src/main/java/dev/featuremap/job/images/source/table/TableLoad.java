package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Opens files as a table, and reads labels that are names of folders as the text they are. */
record TableLoad(
    JavaSparkContext spark,
    DataFolder folder,
    List<Path> paths,
    DataSettings.Table table,
    boolean labelled) {
  /** Formats of which Spark finds the files itself, in the folders of their table. */
  private static final Set<String> OF_FILES =
      Set.of("parquet", "orc", "avro", "json", "csv", "text", "xml");

  /** Those whose files have a head, even without rows. */
  private static final Set<String> NEVER_EMPTY = Set.of("parquet", "avro");

  Dataset<Row> rows() {
    if (!OF_FILES.contains(table.format()) && ListFormat.of(table.format()).isEmpty()) {
      return load(this::files);
    }
    PartitionFolders.requireAllRead(folder, paths);
    if (NEVER_EMPTY.contains(table.format())) {
      paths.forEach(this::requireContent);
    }
    Dataset<Row> rows = load(this::reader);
    StructType schema = rows.schema();
    boolean inNames =
        labelled
            && Arrays.asList(schema.fieldNames()).contains(table.label())
            && paths.stream()
                .anyMatch(path -> PartitionFolders.columns(folder, path).contains(table.label()));
    return inNames ? load(() -> reader().schema(withTexts(schema))) : rows;
  }

  /** Spark passes over files without a byte, which a killed writer or a full disk leaves. */
  private void requireContent(Path path) {
    if (FileSystems.isLocal(path, folder.configuration())) {
      requireContentOfLocal(path);
      return;
    }
    // In one go, as object stores list; of local files it would start a process each.
    try {
      RemoteIterator<LocatedFileStatus> files =
          FileSystems.of(path, folder.configuration()).listFiles(path, true);
      while (files.hasNext()) {
        FileStatus file = files.next();
        if (!isHiddenBelow(path, file.getPath())) {
          requireContent(file);
        }
      }
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private void requireContentOfLocal(Path path) {
    for (FileStatus child : folder.children(path)) {
      if (child.isDirectory()) {
        requireContentOfLocal(child.getPath());
      } else {
        requireContent(child);
      }
    }
  }

  private static boolean isHiddenBelow(Path path, Path file) {
    String whole = file.toString();
    String below = whole.substring(Math.min(whole.length(), path.toString().length()));
    return Stream.of(below.split("/", -1)).anyMatch(DataFolder::isHidden);
  }

  private void requireContent(FileStatus file) {
    if (file.getLen() == 0) {
      throw JobException.badData(
          "Cannot read %s: it is empty, and a file of the format %s never is. Write it again, or take it away."
              .formatted(file.getPath(), table.format()));
    }
  }

  /** Spark would make a number of 007, and a date of 2024-01-01. */
  private StructType withTexts(StructType schema) {
    return new StructType(
        Arrays.stream(schema.fields())
            .map(
                field ->
                    field.name().equals(table.label())
                        ? new StructField(
                            field.name(), DataTypes.StringType, true, field.metadata())
                        : field)
            .toArray(StructField[]::new));
  }

  private DataFrameReader reader() {
    DataFrameReader reader = files();
    PartitionFolders.base(paths).ifPresent(base -> reader.option("basePath", base.toString()));
    return reader;
  }

  private DataFrameReader files() {
    DataFrameReader files = TableSession.files(spark);
    return ListFormat.of(table.format())
        .map(list -> list.read(files))
        .orElseGet(() -> files.format(table.format()));
  }

  private Dataset<Row> load(Supplier<DataFrameReader> reader) {
    return TableSession.load(reader, paths.stream().map(Path::toString).toArray(String[]::new));
  }
}
