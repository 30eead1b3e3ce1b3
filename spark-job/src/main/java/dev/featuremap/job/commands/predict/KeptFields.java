package dev.featuremap.job.commands.predict;

import dev.featuremap.job.failure.JobException;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns of a table that stand beside its predictions. */
final class KeptFields {
  private static final String EXPECTED =
      "boolean, tinyint, smallint, int, bigint, float, double, string, binary, date or timestamp";

  private KeptFields() {}

  /**
   * Checks that predictions can have these columns.
   *
   * @param images the source, for messages
   * @param own the names that predictions have anyway
   * @throws JobException with {@code USAGE} when a name is taken or a type unknown
   */
  static void check(String images, StructType kept, List<String> own) {
    Set<String> names = new HashSet<>(own);
    for (StructField field : kept.fields()) {
      if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
        throw JobException.usage(
            "Cannot keep column %s of %s: predictions have a column of that name. Give it another: --keep '%s as ...'."
                .formatted(field.name(), images, field.name()));
      }
      type(images, field);
    }
  }

  /** The columns as Parquet has them. */
  static List<Type> types(String images, StructType kept) {
    return List.of(kept.fields()).stream().map(field -> type(images, field)).toList();
  }

  private static Type type(String images, StructField field) {
    String type = field.dataType().simpleString();
    return switch (type) {
      case "boolean" -> optional(PrimitiveTypeName.BOOLEAN, null, field);
      case "tinyint", "smallint", "int" -> optional(PrimitiveTypeName.INT32, null, field);
      case "bigint" -> optional(PrimitiveTypeName.INT64, null, field);
      case "float" -> optional(PrimitiveTypeName.FLOAT, null, field);
      case "double" -> optional(PrimitiveTypeName.DOUBLE, null, field);
      case "string" ->
          optional(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType(), field);
      case "binary" -> optional(PrimitiveTypeName.BINARY, null, field);
      case "date" -> optional(PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType(), field);
      case "timestamp" ->
          optional(
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS),
              field);
      default ->
          throw JobException.usage(
              "Cannot keep column %s of %s: its type must be %s, got %s. Cast it: --keep 'cast(%s as string) as ...'."
                  .formatted(field.name(), images, EXPECTED, type, field.name()));
    };
  }

  private static Type optional(
      PrimitiveTypeName name, LogicalTypeAnnotation annotation, StructField field) {
    return Types.optional(name).as(annotation).named(field.name());
  }

  /**
   * Writes the columns of a record that are not null.
   *
   * @param first the number of the first in the schema
   */
  static void write(RecordConsumer out, Row kept, int first) {
    for (int k = 0; kept != null && k < kept.length(); k++) {
      Object value = kept.get(k);
      if (value != null) {
        String name = kept.schema().fieldNames()[k];
        out.startField(name, first + k);
        write(out, value);
        out.endField(name, first + k);
      }
    }
  }

  private static void write(RecordConsumer out, Object value) {
    if (value instanceof Boolean flag) {
      out.addBoolean(flag);
    } else if (value instanceof Long number) {
      out.addLong(number);
    } else if (value instanceof Float number) {
      out.addFloat(number);
    } else if (value instanceof Double number) {
      out.addDouble(number);
    } else if (value instanceof Number number) {
      out.addInteger(number.intValue());
    } else if (value instanceof byte[] bytes) {
      out.addBinary(Binary.fromConstantByteArray(bytes));
    } else if (value instanceof Date date) {
      out.addInteger((int) date.toLocalDate().toEpochDay());
    } else if (value instanceof LocalDate date) {
      out.addInteger((int) date.toEpochDay());
    } else if (value instanceof Timestamp time) {
      out.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant()));
    } else if (value instanceof Instant time) {
      out.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    } else {
      byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
      out.addBinary(Binary.fromConstantByteArray(text));
    }
  }
}
