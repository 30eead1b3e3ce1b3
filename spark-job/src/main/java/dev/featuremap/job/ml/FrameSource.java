package dev.featuremap.job.ml;

import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of a DataFrame as records.
 *
 * <p>With a column of ids, a record's number is the rank of its id: ids {@code 0 … n-1} are the
 * numbers, and those of a part of the rows, as in cross validation, close up. Without one it is the
 * row's place, which is as stable as the order of the DataFrame's partitions and rows.
 */
record FrameSource(
    JavaRDD<Row> rows, Optional<List<Long>> firstOfPartitions, long images, ImageColumn features)
    implements ImageSource {
  private static final String PLACE = "the DataFrame";

  /**
   * Counts the rows and looks at their ids.
   *
   * @param id the column of ids, if there is one
   * @throws IllegalArgumentException if there are no rows, or an id comes twice
   */
  static FrameSource of(
      Dataset<?> frame, Column features, Column label, Optional<Column> id, ImageColumn images) {
    Dataset<Row> rows =
        frame.select(
            features.as("features"),
            label.cast("double").as("label"),
            id.orElse(functions.lit(null)).cast("long").as("id"));
    OptionalLong ranks = id.isPresent() ? ranks(rows) : OptionalLong.empty();
    FrameSource source =
        ranks.isPresent()
            ? new FrameSource(rows.javaRDD(), Optional.empty(), ranks.getAsLong(), images)
            : numbered(id.isPresent() ? rows.orderBy("id") : rows, images);
    if (source.images == 0) {
      throw new IllegalArgumentException("Cannot train on %s: it has no rows.".formatted(PLACE));
    }
    return source;
  }

  /** How many ids there are, if they are {@code 0 … n-1}; otherwise they are different at least. */
  private static OptionalLong ranks(Dataset<Row> rows) {
    Row ids =
        rows.agg(
                functions.count("*"),
                functions.count("id"),
                functions.countDistinct("id"),
                functions.min("id"),
                functions.max("id"))
            .first();
    long count = ids.getLong(0);
    if (ids.getLong(1) < count) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot number the rows of %s: each must have an id (idCol), got null in %,d of %,d.",
              PLACE,
              count - ids.getLong(1),
              count));
    }
    if (ids.getLong(2) < count) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot number the rows of %s: each id (idCol) must come once, got %,d different ones in %,d rows.",
              PLACE,
              ids.getLong(2),
              count));
    }
    return count > 0 && ids.getLong(3) == 0 && ids.getLong(4) == count - 1
        ? OptionalLong.of(count)
        : OptionalLong.empty();
  }

  private static FrameSource numbered(Dataset<Row> ordered, ImageColumn images) {
    JavaRDD<Row> rows = ordered.javaRDD();
    List<Long> sizes = rows.mapPartitions(FrameSource::count).collect();
    List<Long> first = new ArrayList<>();
    long total = 0;
    for (long size : sizes) {
      first.add(total);
      total += size;
    }
    return new FrameSource(rows, Optional.of(first), total, images);
  }

  private static Iterator<Long> count(Iterator<Row> rows) {
    Iterable<Row> all = () -> rows;
    return List.of(StreamSupport.stream(all.spliterator(), false).count()).iterator();
  }

  @Override
  public LabelIndex labels() {
    return LabelIndex.numbers();
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    ImageColumn column = features;
    List<Long> first = firstOfPartitions.orElse(null);
    return rows.mapPartitionsWithIndex(
        (partition, partitionRows) ->
            records(column, partitionRows, first == null ? -1 : first.get(partition))
                .filter(record -> wanted.takes(record.id()))
                .iterator(),
        true);
  }

  /** The records of a partition, whose first has that number; a negative one leaves it to ids. */
  private static Stream<SourceRecord> records(ImageColumn column, Iterator<Row> rows, long first) {
    long[] next = {first};
    Iterable<Row> all = () -> rows;
    return StreamSupport.stream(all.spliterator(), false)
        .map(
            row ->
                new SourceRecord(
                    first < 0 ? row.getLong(2) : next[0]++,
                    ImageColumn.place(row.get(0), PLACE),
                    row.isNullAt(1) ? null : label(row.getDouble(1)),
                    column.content(row.get(0))));
  }

  /** A whole number without its point, as labels of all sources are. */
  private static String label(double label) {
    return label == StrictMath.rint(label) && Math.abs(label) <= Integer.MAX_VALUE
        ? Long.toString((long) label)
        : Double.toString(label);
  }

  @Override
  public String toString() {
    return "%s images in %s".formatted(images, PLACE);
  }
}
