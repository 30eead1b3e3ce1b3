package dev.featuremap.job.ml;

import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.MnistFiles;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A session as applications have it, with Spark's own defaults, and the first digits as DataFrames.
 * Register it as a static field; it starts when it is first used.
 */
final class DigitFrames implements AfterAllCallback {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("pixels", SQLDataTypes.VectorType())
          .add("image", new StructType().add("bytes", DataTypes.BinaryType).add("path", "string"))
          .add("label", DataTypes.IntegerType);

  private SparkSession session;

  synchronized SparkSession session() {
    if (session == null) {
      SparkConf conf =
          new SparkConf(false)
              .setMaster("local[2]")
              .setAppName("featuremap-test")
              .set("spark.driver.host", "127.0.0.1")
              .set("spark.driver.bindAddress", "127.0.0.1")
              .set("spark.sql.shuffle.partitions", "2")
              .set("spark.ui.enabled", "false");
      session = SparkSession.builder().config(conf).getOrCreate();
    }
    return session;
  }

  /** The first training digits with the columns id, pixels, image and label, in that order. */
  Dataset<Row> train(int count) {
    return frame(DigitFiles.digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, count));
  }

  /** The first test digits. */
  Dataset<Row> test(int count) {
    return frame(DigitFiles.digits(MnistFiles.TEST_IMAGES, MnistFiles.TEST_LABELS, count));
  }

  private Dataset<Row> frame(List<DigitFiles.Digit> digits) {
    List<Row> rows =
        digits.stream()
            .map(
                digit ->
                    RowFactory.create(
                        (long) digit.id(),
                        vector(digit.pixels()),
                        RowFactory.create(digit.image(), digit.id() + ".png"),
                        digit.label()))
            .toList();
    return session().createDataFrame(rows, SCHEMA);
  }

  /** Pixels as Spark ML has them. */
  static Vector vector(byte[] pixels) {
    return Vectors.dense(
        IntStream.range(0, pixels.length).mapToDouble(k -> pixels[k] & 0xff).toArray());
  }

  /** A classifier with the settings of {@code SmallRun}. */
  static CnnClassifier classifier() {
    return new CnnClassifier()
        .setFeaturesCol("pixels")
        .setEpochs(2)
        .setBatchSize(32)
        .setLearningRate(0.1)
        .setOptimizer("sgd")
        .setSettings("train.schedule.type=constant");
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    if (session != null) {
      session.stop();
    }
  }
}
