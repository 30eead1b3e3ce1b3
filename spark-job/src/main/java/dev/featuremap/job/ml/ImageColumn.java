package dev.featuremap.job.ml;

import dev.featuremap.image.Pixels;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.table.ImageColumnTypes;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a value of the features column holds: a vector of pixels, or an image file.
 *
 * @param channels of the images that vectors are
 * @param height of these
 * @param width of these
 * @param maxBytes of a file
 */
record ImageColumn(int channels, int height, int width, int maxBytes) implements Serializable {
  private static final int BRIGHTEST = 255;

  /** A column for a network that takes images of {@code shape}. */
  static ImageColumn of(Shape shape, int maxBytes) {
    return new ImageColumn(shape.channels(), shape.height(), shape.width(), maxBytes);
  }

  /** Adds to {@code problems} what is wrong with the column of that name. */
  void check(StructType schema, String name, List<String> problems) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      problems.add(Columns.missing("featuresCol", name, schema));
      return;
    }
    StructField field = schema.apply(name);
    boolean vectors = field.dataType().equals(SQLDataTypes.VectorType());
    if (!vectors && !ImageColumnTypes.are(field.dataType())) {
      problems.add(
          "Cannot use column %s (featuresCol): expected a vector, binary or a struct with binary bytes, got %s."
              .formatted(name, field.dataType().simpleString()));
    }
    int size = vectors ? AttributeGroup.fromStructField(field).size() : -1;
    if (size >= 0 && size != shape().size()) {
      problems.add(
          "Cannot use column %s (featuresCol): the network takes images of %s = %s pixels, got vectors of %s."
              .formatted(name, shape(), shape().size(), size));
    }
  }

  /** The image that a value of the column is. */
  ImageContent content(Object value) {
    if (value instanceof Vector vector) {
      return pixels(vector);
    }
    Object bytes = value instanceof Row file ? file.getAs(ImageColumnTypes.BYTES) : value;
    if (bytes instanceof byte[] file) {
      return file.length > maxBytes
          ? ImageContent.tooLarge(file.length, maxBytes)
          : new ImageContent.Encoded(file);
    }
    return new ImageContent.Unusable("its image is null");
  }

  /** Where a person finds it: the path of a struct that has one, else {@code otherwise}. */
  static String place(Object value, String otherwise) {
    if (value instanceof Row file
        && Arrays.asList(file.schema().fieldNames()).contains(ImageColumnTypes.PATH)
        && file.getAs(ImageColumnTypes.PATH) instanceof String path) {
      return path;
    }
    return otherwise;
  }

  private Shape shape() {
    return new Shape(channels, height, width);
  }

  private ImageContent pixels(Vector vector) {
    double[] values = vector.toArray();
    if (values.length != shape().size()) {
      return new ImageContent.Unusable(
          "its vector has %s values, the network takes %s = %s"
              .formatted(values.length, shape(), shape().size()));
    }
    byte[] pixels = new byte[values.length];
    for (int k = 0; k < values.length; k++) {
      double value = values[k];
      if (!(value >= 0 && value <= BRIGHTEST && value == StrictMath.rint(value))) {
        return new ImageContent.Unusable(
            "value %s of its vector is %s, expected a whole number from 0 to 255: the network normalizes pixels itself"
                .formatted(k, value));
      }
      pixels[k] = (byte) value;
    }
    return new ImageContent.Plain(new Pixels(shape(), pixels));
  }
}
