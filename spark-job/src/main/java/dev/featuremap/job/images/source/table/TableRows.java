package dev.featuremap.job.images.source.table;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkUri;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.images.source.SourceRecord;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * Turns rows (bytes, label, id, file, start, kept, path, plain) into records.
 *
 * @param firstRows the id of the first row of each split; null where rows have ids
 * @param names of the labels where these are numbers with names
 * @param paths the files that rows name; null where none does
 */
record TableRows(
    String table,
    Map<FileSplit, Long> firstRows,
    List<String> names,
    IdFilter wanted,
    int maxBytes,
    int maxPixels,
    ImagePaths paths)
    implements FlatMapFunction<Iterator<Row>, SourceRecord> {

  @Override
  public Iterator<SourceRecord> call(Iterator<Row> rows) {
    Map<FileSplit, Long> next = new HashMap<>();
    Iterable<Row> all = () -> rows;
    Stream<SourceRecord> records =
        StreamSupport.stream(all.spliterator(), false).map(row -> record(row, next));
    return records.filter(Objects::nonNull).iterator();
  }

  /** The record of a row; null if it is not wanted. */
  private SourceRecord record(Row row, Map<FileSplit, Long> next) {
    long id = firstRows == null ? row.getLong(2) : number(row, next);
    if (!wanted.takes(id)) {
      return null;
    }
    String file = row.getString(3);
    Optional<Path> path = path(id, row);
    String place = path.map(Path::toString).orElse(file.isEmpty() ? table : SparkUri.decoded(file));
    return new SourceRecord(id, place, label(row), content(row, path), row.getStruct(5));
  }

  private Optional<Path> path(long id, Row row) {
    return row.isNullAt(6) ? Optional.empty() : paths.resolve(id, row.getString(6));
  }

  /** The marks of the files that some rows name. */
  Iterator<SourceMarks> marks(Iterator<Row> rows, long records) {
    SourceMarks marks = new SourceMarks(records);
    Map<FileSplit, Long> next = new HashMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      long id = firstRows == null ? row.getLong(2) : number(row, next);
      path(id, row).ifPresent(path -> paths.mark(marks, id, path));
    }
    return List.of(marks).iterator();
  }

  private long number(Row row, Map<FileSplit, Long> next) {
    FileSplit split = new FileSplit(row.getString(3), row.getLong(4));
    Long first = firstRows.get(split);
    if (first == null) {
      throw JobException.badData(
          "Cannot read %s: the file was not there when rows were counted. Give the run data that nobody writes to."
              .formatted(SparkUri.decoded(split.file())));
    }
    return next.merge(split, first + 1, (seen, unused) -> seen + 1) - 1;
  }

  private String label(Row row) {
    String label = row.getString(1);
    if (label == null || names.isEmpty()) {
      return label;
    }
    return label.length() < 9 && label.matches("[0-9]+") && Integer.parseInt(label) < names.size()
        ? names.get(Integer.parseInt(label))
        : label;
  }

  private ImageContent content(Row row, Optional<Path> path) {
    if (path.isPresent()) {
      return paths.content(path.get());
    }
    if (!row.isNullAt(6)) {
      return new ImageContent.Unusable("its path is none: \"%s\"".formatted(row.getString(6)));
    }
    if (!row.isNullAt(7)) {
      return OpenCvImage.content(row.getStruct(7), maxPixels);
    }
    if (row.isNullAt(0)) {
      return new ImageContent.Unusable("its image is null");
    }
    byte[] bytes = row.getAs(0);
    return bytes.length > maxBytes
        ? ImageContent.tooLarge(bytes.length, maxBytes)
        : new ImageContent.Encoded(bytes);
  }
}
