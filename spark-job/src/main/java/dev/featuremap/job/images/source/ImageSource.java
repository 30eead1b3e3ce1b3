package dev.featuremap.job.images.source;

import dev.featuremap.tensor.Shape;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** One set of labelled images, as a user has it. Its {@code toString} names it in messages. */
public interface ImageSource {

  /** How many records there are, at least 1; their ids are {@code 0 … images-1}. */
  long images();

  /** The shape of each image, where one is known before images are decoded. */
  default Optional<Shape> shape() {
    return Optional.empty();
  }

  /** Which number belongs to which label. */
  LabelIndex labels();

  /** What lies among the images and is none. */
  default PassedOver passedOver() {
    return PassedOver.NONE;
  }

  /** What is kept of each record besides image and label. */
  default StructType kept() {
    return new StructType();
  }

  /** By what a later start knows that these are the same files; empty where there are none. */
  default Optional<SourceMarks> marks(JavaSparkContext spark) {
    return Optional.empty();
  }

  /** The label of each record by its id, in any order; null where a record has none. */
  default JavaPairRDD<Long, String> readLabels(JavaSparkContext spark) {
    return read(spark, IdFilter.ALL).mapToPair(record -> new Tuple2<>(record.id(), record.label()));
  }

  /**
   * The records whose ids are wanted, each exactly once, in an order and a grouping that callers
   * must not rely on. Nothing is read before an action needs it, and of other records no content.
   */
  JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted);
}
