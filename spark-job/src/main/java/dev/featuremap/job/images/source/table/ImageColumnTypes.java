package dev.featuremap.job.images.source.table;

import java.util.Arrays;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The types of columns that hold image files: binary, or a struct with binary {@code bytes}. */
public final class ImageColumnTypes {
  /** The field with a file's bytes, where a column is a struct. */
  public static final String BYTES = "bytes";

  /** The field with its path, which a struct may have. */
  public static final String PATH = "path";

  private ImageColumnTypes() {}

  /** True for the type of such a column. */
  public static boolean are(DataType type) {
    return type instanceof BinaryType
        || (type instanceof StructType struct
            && Arrays.asList(struct.fieldNames()).contains(BYTES)
            && struct.apply(BYTES).dataType() instanceof BinaryType);
  }
}
