package dev.featuremap.job.images.source.table;

import dev.featuremap.job.failure.JobException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * What is kept of each row of a table besides image and label, as one column.
 *
 * @param column a struct, null where nothing is kept
 * @param schema its fields
 */
record KeptColumns(Column column, StructType schema) {

  /**
   * The columns that expressions of SQL make of a table.
   *
   * @param table its name, for messages
   * @throws JobException with {@code USAGE} if Spark cannot make them
   */
  static KeptColumns of(String table, Dataset<Row> rows, List<String> expressions) {
    if (expressions.isEmpty()) {
      Column nothing = functions.lit(null).cast(new StructType());
      return new KeptColumns(nothing, new StructType());
    }
    Column[] columns = expressions.stream().map(functions::expr).toArray(Column[]::new);
    StructType schema = schema(table, rows, expressions);
    return new KeptColumns(functions.struct(columns), schema);
  }

  /** Spark's own exceptions are checked, and no signature declares them. */
  private static StructType schema(String table, Dataset<Row> rows, List<String> expressions) {
    try {
      return rows.selectExpr(expressions.toArray(String[]::new)).schema();
    } catch (Exception e) {
      throw JobException.usage(
          "Cannot keep %s of %s: %s Its columns are %s."
              .formatted(
                  String.join(", ", expressions),
                  table,
                  e.getMessage().lines().findFirst().orElse(""),
                  String.join(", ", rows.columns())));
    }
  }
}
