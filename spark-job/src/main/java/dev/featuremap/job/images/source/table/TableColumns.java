package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.DataSettings.Ids;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.LabelSetText;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/**
 * The columns of a table that are read.
 *
 * @param label as text
 * @param fraction the column that labels come from, if its numbers may be no whole ones; else null
 * @param id the record id as a 64-bit integer, null where the table has none
 * @param names of the labels where they are numbers and the files name them, else empty
 * @param several whether images may have several labels, which are one text then
 */
record TableColumns(
    ImageColumn image,
    Column label,
    SqlColumn fraction,
    Column id,
    List<String> names,
    boolean several) {
  private static final String LABEL = "data.table.label";

  /** Whole numbers of doubles up to here are exact, and have no exponent as text. */
  private static final double LARGEST_WHOLE = 1L << 53;

  /**
   * The columns that the settings name.
   *
   * @param labelled whether there must be a column of labels
   */
  static TableColumns of(String table, Dataset<Row> rows, DataSettings settings, boolean labelled) {
    DataSettings.Table wanted = settings.table();
    SqlColumn found = SqlColumn.of(table, rows, "data.table.image", wanted.image());
    ImageColumn image = ImageColumn.of(table, found);
    Column id =
        settings.ids() == Ids.EXPLICIT
            ? id(table, wanted, SqlColumn.of(table, rows, "data.table.id", wanted.id()))
            : functions.lit(null).cast("long");
    if (!labelled) {
      Column none = functions.lit(null).cast("string");
      return new TableColumns(image, none, null, id, List.of(), false);
    }
    SqlColumn label = SqlColumn.of(table, rows, LABEL, wanted.label());
    DataType type = label.type();
    if (type instanceof ArrayType array) {
      return new TableColumns(image, set(table, label, array), null, id, List.of(), true);
    }
    if (type instanceof FractionalType) {
      return new TableColumns(image, whole(label), label, id, List.of(), false);
    }
    if (!isInteger(type) && !(type instanceof StringType) && !(type instanceof BooleanType)) {
      throw unusable(table, LABEL, label, "a whole number, a boolean, a text or an array of them");
    }
    return new TableColumns(
        image,
        label.column().cast("string"),
        null,
        id,
        isInteger(type) ? HuggingFace.labels(rows, wanted, label.name()) : List.of(),
        false);
  }

  /** The labels of an image that may have several, as {@link LabelSetText} writes them. */
  private static Column set(String table, SqlColumn label, ArrayType array) {
    DataType type = array.elementType();
    if (!isInteger(type) && !(type instanceof StringType)) {
      throw unusable(table, LABEL, label, "an array of whole numbers or texts");
    }
    Column texts = label.column().cast(DataTypes.createArrayType(DataTypes.StringType));
    Column known = functions.filter(texts, Column::isNotNull);
    return functions
        .when(label.column().isNull(), functions.lit(null).cast("string"))
        .otherwise(functions.to_json(functions.array_sort(functions.array_distinct(known))));
  }

  /** A whole number as it is written, and any other as Spark has it; NaN is no label. */
  private static Column whole(SqlColumn label) {
    Column number = label.column().cast("double");
    Column isWhole =
        number
            .equalTo(functions.floor(number))
            .and(functions.abs(number).leq(functions.lit(LARGEST_WHOLE)));
    return functions
        .when(functions.isnan(number), functions.lit(null).cast("string"))
        .when(isWhole, number.cast("long").cast("string"))
        .otherwise(label.column().cast("string"));
  }

  private static Column id(String table, DataSettings.Table settings, SqlColumn id) {
    boolean texts = ListFormat.of(settings.format()).filter(ListFormat::isOfTexts).isPresent();
    if (texts && id.type() instanceof StringType) {
      return id.column().try_cast("long");
    }
    if (!isInteger(id.type())) {
      throw unusable(table, "data.table.id", id, "a whole number");
    }
    return id.column().cast("long");
  }

  private static JobException unusable(
      String table, String key, SqlColumn column, String expected) {
    return JobException.usage(
        "Cannot read %s: column %s (%s) must be %s, got %s."
            .formatted(table, column.name(), key, expected, column.type().simpleString()));
  }

  private static boolean isInteger(DataType type) {
    return type instanceof LongType
        || type instanceof IntegerType
        || type instanceof ShortType
        || type instanceof ByteType;
  }
}
