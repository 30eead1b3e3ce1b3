package dev.featuremap.job.source;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.tensor.Shape;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Labelled images of one shape that a run can be given. */
public interface ImageSource {

  /** The shape of each image. */
  Shape shape();

  /**
   * Makes sure that a network can take the images.
   *
   * @throws JobException with {@code BAD_DATA}, naming both shapes
   */
  default void requireShape(Shape input) {
    if (!shape().equals(input)) {
      throw JobException.badData(
          "Cannot feed %s to the network: it takes images of %s, got %s. Change input.shape of the network or give other data."
              .formatted(this, input, shape()));
    }
  }

  /** How many images there are, at least 1; their record ids are {@code 0 … images-1}. */
  long images();

  /**
   * The images as chunks of a few megabytes, each record exactly once, in an order and a grouping
   * that callers must not rely on. Nothing is read before an action needs it.
   *
   * <p>A task fails with a {@link JobException} of code {@code BAD_DATA} when a label is not below
   * {@code classes}; Spark repeats the task like any other before the run ends.
   *
   * @param classes how many classes the network tells apart, at least 1
   */
  JavaRDD<ImageChunk> read(JavaSparkContext spark, int classes);
}
