package dev.featuremap.job.images.source.table;

import dev.featuremap.job.failure.JobException;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * What holds the image of a row: a file's bytes, its path where there are none, or pixels.
 *
 * @param bytes binary; null where the row has none
 * @param path a text; null where the row has none
 * @param plain Spark's {@code image} struct; null where the row has none
 * @param hasPaths whether the type lets rows have paths
 */
record ImageColumn(Column bytes, Column path, Column plain, boolean hasPaths) {
  /** The fields of Spark's own images. */
  static final StructType PLAIN =
      StructType.fromDDL(
          "origin string, height int, width int, nChannels int, mode int, data binary");

  /**
   * The image of a column by its type.
   *
   * @throws JobException with {@code USAGE} if it is of another one
   */
  static ImageColumn of(String table, SqlColumn image) {
    Column column = image.column();
    DataType type = image.type();
    if (type instanceof BinaryType) {
      return new ImageColumn(column, nullOf("string"), functions.lit(null).cast(PLAIN), false);
    }
    if (type instanceof StringType) {
      return new ImageColumn(nullOf("binary"), column, functions.lit(null).cast(PLAIN), true);
    }
    if (type instanceof StructType struct && isPlain(struct)) {
      return new ImageColumn(nullOf("binary"), nullOf("string"), column, false);
    }
    if (type instanceof StructType struct && ImageColumnTypes.are(type)) {
      boolean hasPaths = isA(struct, ImageColumnTypes.PATH, StringType.class);
      Column bytes = column.getField(ImageColumnTypes.BYTES);
      Column path =
          hasPaths
              ? functions.when(bytes.isNull(), column.getField(ImageColumnTypes.PATH))
              : nullOf("string");
      return new ImageColumn(bytes, path, functions.lit(null).cast(PLAIN), hasPaths);
    }
    throw JobException.usage(
        "Cannot read %s: column %s (data.table.image) must be binary, a struct with binary bytes, a text with the path of a file, or Spark's image struct, got %s."
            .formatted(table, image.name(), type.simpleString()));
  }

  private static Column nullOf(String type) {
    return functions.lit(null).cast(type);
  }

  private static boolean isPlain(StructType struct) {
    return Arrays.equals(struct.fieldNames(), PLAIN.fieldNames())
        && Arrays.stream(PLAIN.fields())
            .allMatch(field -> isA(struct, field.name(), field.dataType().getClass()));
  }

  private static boolean isA(StructType struct, String name, Class<?> type) {
    return Arrays.asList(struct.fieldNames()).contains(name)
        && type.isInstance(struct.apply(name).dataType());
  }
}
