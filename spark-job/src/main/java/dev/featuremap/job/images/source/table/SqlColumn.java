package dev.featuremap.job.images.source.table;

import dev.featuremap.job.failure.JobException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A column of a table, or what an expression of SQL makes of its columns.
 *
 * @param name as the settings have it
 */
record SqlColumn(String name, Column column, DataType type) {
  private static final Pattern PLAIN_NAME =
      Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  /**
   * What a setting names: a column if there is one of that very name, else an expression.
   *
   * @param key the setting
   * @throws JobException with {@code USAGE} if it is neither, or does not give each row one value
   */
  static SqlColumn of(String table, Dataset<Row> rows, String key, String text) {
    StructType schema = rows.schema();
    if (Arrays.asList(schema.fieldNames()).contains(text)) {
      return new SqlColumn(text, quoted(text), schema.apply(text).dataType());
    }
    String columns = String.join(", ", schema.fieldNames());
    if (PLAIN_NAME.matcher(text).matches()) {
      throw JobException.usage(
          "Cannot read %s: it has no column %s (%s), its columns are %s."
              .formatted(table, text, key, columns));
    }
    // Spark's own exceptions are checked, and no signature declares them.
    try {
      Column column = functions.expr(text);
      // Within a struct, and beside another column, Spark refuses what makes other rows.
      Column other = quoted(schema.fieldNames()[0]);
      StructType tried = rows.select(other, functions.struct(column)).schema();
      StructType inner = (StructType) tried.fields()[1].dataType();
      return new SqlColumn(text, column, inner.fields()[0].dataType());
    } catch (Exception e) {
      throw JobException.usage(
          "Cannot read %s: %s = \"%s\" is no column of it and no expression over its columns, which are %s (%s)."
              .formatted(table, key, text, columns, e.getMessage().lines().findFirst().orElse("")));
    }
  }

  /** A column by its name, whatever characters that has. */
  private static Column quoted(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
