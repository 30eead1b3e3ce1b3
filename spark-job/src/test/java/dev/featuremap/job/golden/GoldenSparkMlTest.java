package dev.featuremap.job.golden;

import static dev.featuremap.job.golden.GoldenFiles.expected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.ml.CnnClassificationModel;
import dev.featuremap.job.ml.CnnClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark ML has saved of a classifier and of its model with an earlier version. */
class GoldenSparkMlTest {
  private static final int SIZE = 8;

  @TempDir private static Path directory;
  private static GoldenFiles files;
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    files = new GoldenFiles(directory);
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void aModelPredictsAsItDid() throws IOException {
    CnnClassificationModel model = CnnClassificationModel.load(files.uri("saved/model"));

    assertThat(model.uid()).isEqualTo("cnnClassifier_golden");
    assertThat(model.getFeaturesCol()).isEqualTo("pixels");
    assertThat(model.parametersSha256()).isEqualTo(expected("saved.parameters-sha256"));
    List<String> rows = new ArrayList<>();
    for (Row row : model.transform(frame("test", 16)).orderBy("id").collectAsList()) {
      rows.add(
          row.getAs("id") + " " + row.getAs("prediction") + " " + row.<Vector>getAs("probability"));
    }
    assertThat(rows).isEqualTo(files.text("expected/saved-predictions.txt").lines().toList());
  }

  @Test
  void aClassifierHasItsParamsAndFitsTheSameBits() throws IOException {
    CnnClassifier classifier = CnnClassifier.load(files.uri("saved/classifier"));

    assertThat(classifier.uid()).isEqualTo("cnnClassifier_golden");
    assertThat(classifier.fit(frame("train", 32)).parametersSha256())
        .isEqualTo(expected("saved.parameters-sha256"));
  }

  /** Crosses and rings in turn, numbered as their files are. */
  private static Dataset<Row> frame(String set, int count) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      Path file =
          files.path("images/%s/%s/%s.png".formatted(set, id % 2 == 0 ? "cross" : "ring", id));
      int[] pixels =
          ImageIO.read(file.toFile()).getRaster().getSamples(0, 0, SIZE, SIZE, 0, (int[]) null);
      Vector vector = Vectors.dense(IntStream.of(pixels).asDoubleStream().toArray());
      rows.add(RowFactory.create((long) id, vector, (double) (id % 2)));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("id", DataTypes.LongType)
            .add("pixels", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType));
  }
}
