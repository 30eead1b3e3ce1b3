package dev.featuremap.job.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.cluster.TaskFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a model makes of a DataFrame and of single images. */
class CnnClassificationModelTest {
  @RegisterExtension static final DigitFrames DIGITS = new DigitFrames();

  private static CnnClassificationModel model;
  private static Dataset<Row> test;
  private static List<Row> predicted;

  @BeforeAll
  static void fit() {
    model = DigitFrames.classifier().fit(DIGITS.train(1000));
    test = DIGITS.test(300).repartition(3);
    predicted = model.transform(test).orderBy("id").collectAsList();
  }

  @Test
  void addsThreeColumnsAndKeepsTheOthers() {
    List<Row> rows = test.orderBy("id").collectAsList();

    assertThat(model.transform(test).columns())
        .containsExactly(
            "id", "pixels", "image", "label", "rawPrediction", "probability", "prediction");
    assertThat(model.transformSchema(test.schema())).isEqualTo(model.transform(test).schema());
    assertThat(predicted).hasSameSizeAs(rows);
    for (int k = 0; k < rows.size(); k++) {
      for (String column : List.of("id", "pixels", "label")) {
        assertThat(predicted.get(k).<Object>getAs(column)).isEqualTo(rows.get(k).getAs(column));
      }
      byte[] image = predicted.get(k).<Row>getAs("image").getAs("bytes");
      assertThat(image).isEqualTo(rows.get(k).<Row>getAs("image").<byte[]>getAs("bytes"));
    }
  }

  @Test
  void givesTheOutputOfALayer() {
    ParamMap layer =
        new ParamMap()
            .put(model.featuresLayer(), "output")
            .put(model.layerFeaturesCol(), "embedding");
    CnnClassificationModel logits = model.copy(layer);
    CnnClassificationModel maps = model.copy(layer).setFeaturesLayer("conv1");

    List<Row> rows = logits.transform(test).orderBy("id").collectAsList();

    assertThat(logits.transform(test).columns())
        .containsExactly("id", "pixels", "image", "label", "embedding");
    assertThat(logits.transformSchema(test.schema())).isEqualTo(logits.transform(test).schema());
    for (int k = 0; k < rows.size(); k++) {
      assertThat(rows.get(k).<Vector>getAs("embedding"))
          .isEqualTo(predicted.get(k).<Vector>getAs("rawPrediction"));
    }
    assertThat(maps.transform(test).first().<Vector>getAs("embedding").size())
        .isEqualTo(3 * 24 * 24);
    assertThat(model.getFeaturesLayer()).isEmpty();
    assertThat(model.getLayerFeaturesCol()).isEqualTo("layerFeatures");
  }

  @Test
  void saysWhatIsWrongWithTheOutputOfALayer() {
    CnnClassificationModel wrong =
        model.copy(ParamMap.empty()).setFeaturesLayer("fc").setLayerFeaturesCol("label");

    assertThatThrownBy(() -> wrong.transformSchema(test.schema()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            model.uid()
                + ": Cannot add column \"label\" (layerFeaturesCol): expected a name that no column has. Set another.\n"
                + "Cannot use featuresLayer: the network has no layer fc, expected one of [conv1, relu1, max_pool1, output].");
  }

  @Test
  void predictsAStreamAsATable(@TempDir Path directory) throws Exception {
    String files = directory.resolve("files").toUri().toString();
    test.write().parquet(files);
    Dataset<Row> stream = DIGITS.session().readStream().schema(test.schema()).parquet(files);
    List<Row> rows = new ArrayList<>();
    VoidFunction2<Dataset<Row>, Long> collected =
        (batch, number) -> rows.addAll(batch.collectAsList());

    model
        .transform(stream)
        .writeStream()
        .option("checkpointLocation", directory.resolve("progress").toUri().toString())
        .trigger(Trigger.AvailableNow())
        .foreachBatch(collected)
        .start()
        .awaitTermination();

    rows.sort(Comparator.comparingLong(row -> row.<Long>getAs("id")));
    assertThat(rows).hasSameSizeAs(predicted);
    for (int k = 0; k < rows.size(); k++) {
      for (String column : List.of("id", "rawPrediction", "probability", "prediction")) {
        assertThat(rows.get(k).<Object>getAs(column)).isEqualTo(predicted.get(k).getAs(column));
      }
    }
  }

  @Test
  void predictsTheClassOfTheLargestLogit() {
    for (Row row : predicted) {
      Vector logits = row.getAs("rawPrediction");
      Vector probability = row.getAs("probability");
      assertThat(row.<Double>getAs("prediction")).isEqualTo(logits.argmax());
      assertThat(Arrays.stream(probability.toArray()).sum()).isCloseTo(1, within(1e-5));
      assertThat(probability.argmax()).isEqualTo(logits.argmax());
    }
  }

  @Test
  void recognizesMostDigits() {
    long correct =
        predicted.stream()
            .filter(
                row -> row.<Double>getAs("prediction").intValue() == row.<Integer>getAs("label"))
            .count();

    assertThat(correct).isGreaterThan(220);
  }

  @Test
  void imageFilesGiveWhatTheirPixelsGive() {
    List<Row> ofFiles =
        model
            .copy(ParamMap.empty())
            .setFeaturesCol("image")
            .transform(test)
            .orderBy("id")
            .collectAsList();

    assertThat(ofFiles)
        .extracting(row -> row.<Vector>getAs("probability"))
        .isEqualTo(predicted.stream().map(row -> row.<Vector>getAs("probability")).toList());
  }

  @Test
  void oneImageGivesWhatItsRowGives() {
    Row row = predicted.get(0);
    Vector pixels = row.getAs("pixels");

    assertThat(model.predictRaw(pixels)).isEqualTo(row.<Vector>getAs("rawPrediction"));
    assertThat(model.predictProbability(pixels)).isEqualTo(row.<Vector>getAs("probability"));
    assertThat(model.predict(pixels)).isEqualTo(row.<Double>getAs("prediction"));
  }

  @Test
  void makesProbabilitiesOfDenseVectorsOnly() {
    assertThatThrownBy(
            () -> model.raw2probabilityInPlace(Vectors.sparse(2, new int[0], new double[0])))
        .hasMessage("Cannot make probabilities in place: expected a dense vector, got (2,[],[]).");
  }

  @Test
  void thresholdsDivideProbabilities() {
    double[] thresholds = IntStream.range(0, 10).mapToDouble(k -> k == 4 ? 1e-12 : 1).toArray();
    CnnClassificationModel fours = model.copy(ParamMap.empty()).setThresholds(thresholds);
    Row row = fours.transform(test).orderBy("id").first();

    assertThat(row.<Double>getAs("prediction")).isEqualTo(4);
    assertThat(fours.predict(row.<Vector>getAs("pixels"))).isEqualTo(4);
  }

  @Test
  void leavesOutColumnsWithoutAName() {
    CnnClassificationModel quiet =
        model.copy(ParamMap.empty()).setRawPredictionCol("").setProbabilityCol("");

    assertThat(quiet.transform(test.select("pixels")).columns())
        .containsExactly("pixels", "prediction");
  }

  @Test
  void aCopyHasTheParametersTheParentAndTheExtraParams() {
    CnnClassificationModel copy = model.copy(new ParamMap().put(model.predictionCol().w("digit")));

    assertThat(copy.parametersSha256()).isEqualTo(model.parametersSha256());
    assertThat(copy.uid()).isEqualTo(model.uid());
    assertThat(copy.parent()).isSameAs(model.parent());
    assertThat(copy.getPredictionCol()).isEqualTo("digit");
    assertThat(model.getPredictionCol()).isEqualTo("prediction");
  }

  @Test
  void refusesColumnsBeforeAnyJob() {
    assertThatThrownBy(() -> model.transform(test.withColumn("probability", functions.lit(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%s: Cannot add column probability: there is one of that name. Drop it, or name the columns of predictions by rawPredictionCol, probabilityCol and predictionCol."
                .formatted(model.uid()));
    assertThatThrownBy(() -> model.transform(test.drop("pixels")))
        .hasMessage(
            "%s: Cannot find column pixels (featuresCol): the columns are id, image, label."
                .formatted(model.uid()));
  }

  @Test
  void namesARowThatIsNoImage() {
    Dataset<Row> broken =
        test.withColumn(
            "image", functions.expr("named_struct('bytes', cast('x' as binary), 'path', 'a.png')"));
    CnnClassificationModel ofFiles = model.copy(ParamMap.empty()).setFeaturesCol("image");

    assertThatThrownBy(() -> ofFiles.transform(broken).count())
        .satisfies(
            failure ->
                assertThat(TaskFailure.find(failure).orElseThrow())
                    .hasMessage(
                        "Cannot predict row 0 in a.png: it begins like no PNG, JPEG, GIF, BMP, WebP, PNM or TIFF file. Leave out rows that are no images."));
  }

  @Test
  void refusesAVectorOfAnotherSize() {
    assertThatThrownBy(() -> model.predict(Vectors.dense(1, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot predict an image: its vector has 3 values, the network takes [1, 28, 28] = 784.");
  }

  @Test
  void aModelOfNothingSaysSo() {
    assertThatThrownBy(() -> new CnnClassificationModel("empty").transformSchema(new StructType()))
        .hasMessage("Cannot use empty: it has no network. Fit a CnnClassifier, or load a model.");
  }
}
