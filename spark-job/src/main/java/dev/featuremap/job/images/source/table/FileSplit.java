package dev.featuremap.job.images.source.table;

import dev.featuremap.job.failure.JobException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Tuple2;

/**
 * A part of a file that Spark reads in one go, rows in their order.
 *
 * @param start the byte it begins at
 */
record FileSplit(String file, long start) implements Serializable {

  /**
   * How many rows each split has, in the order of files and of bytes.
   *
   * @param rows with columns {@code file} and {@code start}
   * @param whole whether Spark must read whole rows: of text it may count other ones than it gives
   * @throws JobException with {@code USAGE} when rows come from no file
   */
  static Map<FileSplit, Long> countRows(String table, Dataset<Row> rows, boolean whole) {
    List<Row> counts = new ArrayList<>(whole ? counted(rows) : grouped(rows));
    counts.sort(
        Comparator.comparing((Row row) -> row.getString(0)).thenComparing(row -> row.getLong(1)));
    Map<FileSplit, Long> rowsOf = new LinkedHashMap<>();
    for (Row count : counts) {
      if (count.getString(0).isEmpty()) {
        throw JobException.usage(
            "Cannot number the records of %s: its rows come from no file. Set data.ids = explicit and data.table.id to a column with 0 to n-1."
                .formatted(table));
      }
      rowsOf.put(new FileSplit(count.getString(0), count.getLong(1)), count.getLong(2));
    }
    return rowsOf;
  }

  private static List<Row> grouped(Dataset<Row> rows) {
    return rows.groupBy("file", "start").count().collectAsList();
  }

  private static List<Row> counted(Dataset<Row> rows) {
    int file = rows.schema().fieldIndex("file");
    int start = rows.schema().fieldIndex("start");
    return rows
        .javaRDD()
        .mapToPair(row -> new Tuple2<>(row.getString(file) + "\n" + row.getLong(start), 1L))
        .reduceByKey(Long::sum)
        .collect()
        .stream()
        .map(count -> split(count._1(), count._2()))
        .toList();
  }

  private static Row split(String key, long rows) {
    int end = key.lastIndexOf('\n');
    return RowFactory.create(key.substring(0, end), Long.parseLong(key.substring(end + 1)), rows);
  }

  /** How many rows lie before each split, in the order of {@code rowsOf}. */
  static Map<FileSplit, Long> firstRows(Map<FileSplit, Long> rowsOf) {
    Map<FileSplit, Long> firstRows = new HashMap<>();
    long before = 0;
    for (Map.Entry<FileSplit, Long> split : rowsOf.entrySet()) {
      firstRows.put(split.getKey(), before);
      before += split.getValue();
    }
    return firstRows;
  }
}
