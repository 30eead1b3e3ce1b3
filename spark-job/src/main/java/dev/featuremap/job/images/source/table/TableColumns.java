package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Ids;
import dev.featuremap.job.failure.JobException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table that are read.
 *
 * @param image encoded, as binary
 * @param label a whole number or a text
 * @param id the record id as a 64-bit integer, null where the table has none
 * @param names of the labels where they are numbers and the files name them, else empty
 */
record TableColumns(Column image, Column label, Column id, List<String> names) {
  /**
   * The columns that the settings name.
   *
   * @param labelled whether there must be a column of labels
   */
  static TableColumns of(String table, Dataset<Row> rows, DataSettings settings, boolean labelled) {
    StructType schema = rows.schema();
    DataSettings.Table wanted = settings.table();
    StructField image = field(table, schema, "data.table.image", wanted.image());
    Column id =
        settings.ids() == Ids.EXPLICIT
            ? id(table, field(table, schema, "data.table.id", wanted.id()))
            : functions.lit(null).cast("long");
    if (!labelled) {
      Column none = functions.lit(null).cast("string");
      return new TableColumns(image(table, image), none, id, List.of());
    }
    StructField label = field(table, schema, "data.table.label", wanted.label());
    if (!isInteger(label.dataType()) && !(label.dataType() instanceof StringType)) {
      throw unusable(table, "data.table.label", label, "a whole number or a text");
    }
    return new TableColumns(
        image(table, image),
        column(label.name()),
        id,
        isInteger(label.dataType())
            ? HuggingFace.labels(rows, settings.table(), label.name())
            : List.of());
  }

  private static Column image(String table, StructField field) {
    if (ImageColumnTypes.are(field.dataType())) {
      Column images = column(field.name());
      return field.dataType() instanceof StructType
          ? images.getField(ImageColumnTypes.BYTES)
          : images;
    }
    throw unusable(table, "data.table.image", field, "binary or a struct with binary bytes");
  }

  private static Column id(String table, StructField field) {
    if (!isInteger(field.dataType())) {
      throw unusable(table, "data.table.id", field, "a whole number");
    }
    return column(field.name()).cast("long");
  }

  private static StructField field(String table, StructType schema, String key, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw JobException.usage(
          "Cannot read %s: it has no column %s (%s), its columns are %s."
              .formatted(table, name, key, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(name);
  }

  private static JobException unusable(
      String table, String key, StructField field, String expected) {
    return JobException.usage(
        "Cannot read %s: column %s (%s) must be %s, got %s."
            .formatted(table, field.name(), key, expected, field.dataType().simpleString()));
  }

  /** A column by its name, whatever characters that has. */
  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  private static boolean isInteger(DataType type) {
    return type instanceof LongType
        || type instanceof IntegerType
        || type instanceof ShortType
        || type instanceof ByteType;
  }
}
