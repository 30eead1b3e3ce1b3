package dev.featuremap.job.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that fit and transform read and add, as far as a schema tells. */
final class Columns {
  private Columns() {}

  /** A column by its name, whatever characters that has. */
  static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  static String missing(String param, String name, StructType schema) {
    return "Cannot find column %s (%s): the columns are %s."
        .formatted(name, param, String.join(", ", schema.fieldNames()));
  }

  /** Labels are numbers of any type; which ones, the rows tell. */
  static void checkLabel(StructType schema, String name, List<String> problems) {
    if (!has(schema, name)) {
      problems.add(missing("labelCol", name, schema));
    } else if (!(schema.apply(name).dataType() instanceof NumericType)) {
      problems.add(
          "Cannot use column %s (labelCol): expected numbers 0, 1, 2, …, got %s. A StringIndexer makes them of texts."
              .formatted(name, type(schema, name)));
    }
  }

  static void checkId(StructType schema, String name, List<String> problems) {
    if (!has(schema, name)) {
      problems.add(missing("idCol", name, schema));
    } else if (!isWholeNumber(schema.apply(name))) {
      problems.add(
          "Cannot use column %s (idCol): expected a whole number, got %s."
              .formatted(name, type(schema, name)));
    }
  }

  /**
   * The schema with the columns of predictions; of those without a name there is none.
   *
   * @param problems gets the names that are taken
   */
  static StructType withPredictions(
      StructType schema,
      String rawPrediction,
      String probability,
      String prediction,
      List<String> problems) {
    StructType longer = schema;
    for (StructField field :
        List.of(
            new StructType().add(rawPrediction, SQLDataTypes.VectorType(), false).apply(0),
            new StructType().add(probability, SQLDataTypes.VectorType(), false).apply(0),
            new StructType().add(prediction, DataTypes.DoubleType, false).apply(0))) {
      if (has(longer, field.name())) {
        problems.add(
            "Cannot add column %s: there is one of that name. Drop it, or name the columns of predictions by rawPredictionCol, probabilityCol and predictionCol."
                .formatted(field.name()));
      } else if (!field.name().isEmpty()) {
        longer = longer.add(field);
      }
    }
    return longer;
  }

  /**
   * The schema with the column of a layer's output.
   *
   * @param problems gets the name if it is taken or empty
   */
  static StructType withLayerFeatures(StructType schema, String name, List<String> problems) {
    if (name.isEmpty() || has(schema, name)) {
      problems.add(
          "Cannot add column \"%s\" (layerFeaturesCol): expected a name that no column has. Set another."
              .formatted(name));
      return schema;
    }
    return schema.add(name, SQLDataTypes.VectorType(), false);
  }

  static void checkThresholds(double[] thresholds, int classes, List<String> problems) {
    if (thresholds.length != classes) {
      problems.add(
          "Cannot use thresholds: the network has %s classes, got %s thresholds."
              .formatted(classes, thresholds.length));
    }
  }

  /**
   * Reports all problems at once.
   *
   * @throws IllegalArgumentException if there is one
   */
  static void requireNone(String owner, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(owner + ": " + String.join("\n", problems));
    }
  }

  private static boolean has(StructType schema, String name) {
    return Arrays.asList(schema.fieldNames()).contains(name);
  }

  private static String type(StructType schema, String name) {
    return schema.apply(name).dataType().simpleString();
  }

  private static boolean isWholeNumber(StructField field) {
    return field.dataType() instanceof LongType
        || field.dataType() instanceof IntegerType
        || field.dataType() instanceof ShortType
        || field.dataType() instanceof ByteType;
  }
}
