package dev.featuremap.job.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.InitialModelFile;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.lookup.ModelLookup;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Saving and loading, alone and inside of Spark ML's own classes, and how these find ours. */
class PersistenceTest {
  @RegisterExtension static final DigitFrames DIGITS = new DigitFrames();

  private static Dataset<Row> train;
  private static CnnClassificationModel model;

  @TempDir private Path directory;

  @BeforeAll
  static void fit() {
    train = DIGITS.train(400).cache();
    model = DigitFrames.classifier().fit(train);
  }

  @Test
  void aClassifierComesBackWithItsParams() throws IOException {
    CnnClassifier classifier =
        DigitFrames.classifier()
            .setNetwork("lenet-5")
            .setIdCol("id")
            .setSeed(1L << 40)
            .setSettings(
                "train.init-from=/models/digits@3", "train.init-except=[\"dense3\", \"c*\"]");
    classifier.save(path("classifier"));

    CnnClassifier loaded = CnnClassifier.load(path("classifier"));

    assertThat(loaded.uid()).isEqualTo(classifier.uid());
    assertThat(explained(loaded)).isEqualTo(explained(classifier));
    assertThat(loaded.getSeed()).isEqualTo(1L << 40);
    assertThat(loaded.getSettings())
        .containsExactly(
            "train.init-from=/models/digits@3", "train.init-except=[\"dense3\", \"c*\"]");
  }

  @Test
  void aModelComesBackWithItsParametersAndParams() throws IOException {
    model.save(path("model"));

    CnnClassificationModel loaded = CnnClassificationModel.load(path("model"));

    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.parametersSha256()).isEqualTo(model.parametersSha256());
    assertThat(explained(loaded)).isEqualTo(explained(model));
    assertThat(predictions(loaded)).isEqualTo(predictions(model));
  }

  @Test
  void theCommandsTakeWhatAModelIsSavedAs() throws IOException {
    model.save(path("for-commands"));

    ModelFile file =
        new ModelLookup(new Configuration(), "predict with")
            .at(ModelLocation.at(new org.apache.hadoop.fs.Path(path("for-commands"))));

    assertThat(new CnnClassificationModel("again", file).parametersSha256())
        .isEqualTo(model.parametersSha256());
    assertThat(initialModel("for-commands"))
        .isEqualTo(directory.resolve("for-commands/model.safetensors"));
  }

  @Test
  void aDirectoryIsReplacedOnlyOnDemand() throws IOException {
    model.save(path("twice"));

    assertThatThrownBy(() -> model.save(path("twice"))).hasMessageContaining("already exists");
    model.write().overwrite().save(path("twice"));
    assertThat(CnnClassificationModel.load(path("twice")).numClasses()).isEqualTo(10);
  }

  @Test
  void aModelThatWasNotSavedToTheEndIsNotLoaded() throws IOException {
    model.save(path("torn"));
    Files.delete(directory.resolve("torn/model.safetensors"));

    assertThatThrownBy(() -> CnnClassificationModel.load(path("torn")))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot load ")
        .hasMessageContaining("torn/model.safetensors");
  }

  @Test
  void pipelinesComeBack() throws IOException {
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {DigitFrames.classifier()});
    pipeline.save(path("pipeline"));
    PipelineModel fitted = Pipeline.load(path("pipeline")).fit(train);
    fitted.save(path("fitted"));

    PipelineModel loaded = PipelineModel.load(path("fitted"));

    assertThat(((CnnClassificationModel) loaded.stages()[0]).parametersSha256())
        .isEqualTo(model.parametersSha256());
    assertThat(predictions(loaded)).isEqualTo(predictions(model));
    // Spark writes the number of a stage in the digits of the JVM's locale.
    assertThat(initialModel("fitted").toString())
        .contains("/fitted/stages/")
        .contains("_cnnClassifier_");
  }

  @Test
  void crossValidationChoosesAndComesBack() throws IOException {
    CnnClassifier classifier = DigitFrames.classifier().setIdCol("id");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(classifier.learningRate(), new double[] {1e-6, 0.1}).build();
    CrossValidatorModel validated =
        new CrossValidator()
            .setEstimator(classifier)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setNumFolds(2)
            .fit(train);
    assertThat(validated.avgMetrics()[1]).isGreaterThan(validated.avgMetrics()[0]);
    validated.save(path("validated"));

    CrossValidatorModel loaded = CrossValidatorModel.load(path("validated"));

    assertThat(((CnnClassificationModel) loaded.bestModel()).parametersSha256())
        .isEqualTo(model.parametersSha256());
    assertThat(loaded.getEstimatorParamMaps()).hasSize(2);
    assertThat(initialModel("validated"))
        .isEqualTo(directory.resolve("validated/bestModel/model.safetensors"));
  }

  @Test
  void connectFindsBothByTheirServiceFiles() throws Exception {
    assertThat(ServiceLoader.load(Estimator.class))
        .anySatisfy(service -> assertThat(service).isInstanceOf(CnnClassifier.class));
    assertThat(ServiceLoader.load(Transformer.class))
        .anySatisfy(service -> assertThat(service).isInstanceOf(CnnClassificationModel.class));
    for (Class<?> type : List.of(CnnClassifier.class, CnnClassificationModel.class)) {
      assertThat(type.getConstructor(String.class).newInstance("given"))
          .hasFieldOrPropertyWithValue("uid", "given");
      assertThat(type.getMethod("read").getReturnType()).isEqualTo(MLReader.class);
      assertThat(type.getMethod("load", String.class).getReturnType()).isEqualTo(type);
      assertThat(Modifier.isStatic(type.getMethod("read").getModifiers())).isTrue();
      assertThat(Modifier.isStatic(type.getMethod("load", String.class).getModifiers())).isTrue();
    }
  }

  /** The file that a run starts from if {@code train.init-from} names a directory. */
  private Path initialModel(String name) {
    InitialModelFile files = new InitialModelFile(new Configuration());
    return Path.of(files.apply(new org.apache.hadoop.fs.Path(path(name))).toUri().getPath());
  }

  /** Spark explains an array by its identity. */
  private static String explained(Params params) {
    return params.explainParams().replaceAll("@[0-9a-f]+", "");
  }

  private static List<Row> predictions(Transformer transformer) {
    return transformer.transform(train).select("prediction").collectAsList();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
