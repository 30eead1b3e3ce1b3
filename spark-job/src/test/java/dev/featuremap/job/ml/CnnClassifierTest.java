package dev.featuremap.job.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.commands.publish.PublishJob;
import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What fitting gives, and what it refuses. */
class CnnClassifierTest {
  @RegisterExtension static final DigitFrames DIGITS = new DigitFrames();

  @TempDir private static Path shared;
  private static String expected;
  private static org.apache.hadoop.fs.Path run;
  private static Dataset<Row> train;

  /** The command has a Spark of its own, which ends before the session begins. */
  @BeforeAll
  static void trainByCommand() throws Exception {
    SparkProperties properties = new SparkProperties();
    properties.beforeAll(null);
    Path idx = SmallRun.digits(Files.createDirectory(shared.resolve("idx")));
    SmallRun trained = SmallRun.of(idx, shared.resolve("runs"));
    expected = trained.train().parametersSha256();
    run = trained.directory().root();
    properties.afterAll(null);
    train = DIGITS.train(SmallRun.TRAINING_IMAGES).cache();
  }

  @Test
  void rowsInOrderGiveTheParametersOfTheTrainCommand() {
    CnnClassificationModel model = DigitFrames.classifier().fit(train.coalesce(1));

    assertThat(model.parametersSha256()).isEqualTo(expected);
  }

  @Test
  void takesModelsAsTheCommandsHaveLeftThem() {
    org.apache.hadoop.fs.Path published = new org.apache.hadoop.fs.Path(shared.toUri() + "digits");
    new PublishJob(new Configuration(), new PrintWriter(Writer.nullWriter()))
        .run(
            new PublishRequest(
                ModelLocation.ofRun(run),
                published,
                Set.of(),
                OptionalDouble.empty(),
                Optional.empty()));

    assertThat(
            List.of(
                CnnClassificationModel.ofRun(run.toString()),
                CnnClassificationModel.ofPublished(published + "@1"),
                CnnClassificationModel.ofCheckpoint(
                    new ModelLookup(new Configuration(), "find")
                        .find(ModelLocation.ofRun(run))
                        .location())))
        .extracting(CnnClassificationModel::parametersSha256)
        .containsOnly(expected);
    assertThat(CnnClassificationModel.bestOfRun(run.toString()).numClasses()).isEqualTo(10);
    assertThatThrownBy(() -> CnnClassificationModel.ofRun(run.getParent().toString()))
        .hasMessage(
            "Cannot load %s: it has no checkpoint. Give --run the directory of a run."
                .formatted(run.getParent()));
  }

  @Test
  void startsFromAModelThatSettingsName() {
    CnnClassifier warm = DigitFrames.classifier().setEpochs(1).setLearningRate(1e-30);
    String from = "train.init-from=" + run;

    assertThat(warm.setSettings(from).fit(train).parametersSha256()).isEqualTo(expected);
    assertThat(
            warm.setSettings(from, "train.init-except=[\"output.*\"]")
                .fit(train)
                .parametersSha256())
        .isNotEqualTo(expected);
    assertThatThrownBy(() -> warm.setSettings(from, "train.init-except=[\"fc\"]").fit(train))
        .hasMessageStartingWith(
            "Cannot use train.init-except: no tensor is named fc, neither in the network nor in ");
    assertThatThrownBy(() -> warm.setSettings("train.init-from=" + run.getParent()).fit(train))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(": it has no model. Give a run, a published model, a model that");
  }

  @Test
  void imageFilesInAnyOrderGiveThemByTheirIds() {
    Dataset<Row> shuffled = train.orderBy(functions.rand(3)).repartition(3);

    CnnClassificationModel model =
        DigitFrames.classifier().setFeaturesCol("image").setIdCol("id").fit(shuffled);

    assertThat(model.parametersSha256()).isEqualTo(expected);
  }

  @Test
  void idsWithGapsCountByTheirRank() {
    Dataset<Row> gaps = train.withColumn("id", functions.expr("id * 10 - 7")).orderBy("label");

    assertThat(DigitFrames.classifier().setIdCol("id").fit(gaps).parametersSha256())
        .isEqualTo(expected);
  }

  @Test
  void leavesTheSessionAsItWas() {
    int cached = DIGITS.session().sparkContext().getPersistentRDDs().size();

    DigitFrames.classifier().setEpochs(1).fit(train);

    assertThat(DIGITS.session().sparkContext().getPersistentRDDs().size()).isEqualTo(cached);
  }

  @Test
  void aModelHasTheUidAndParamsOfItsClassifier() {
    CnnClassifier classifier =
        DigitFrames.classifier().setEpochs(1).setPredictionCol("digit").setProbabilityCol("p");

    CnnClassificationModel model = classifier.fit(train);

    assertThat(model.uid()).isEqualTo(classifier.uid());
    assertThat(model.parent()).isSameAs(classifier);
    assertThat(model.getFeaturesCol()).isEqualTo("pixels");
    assertThat(model.getPredictionCol()).isEqualTo("digit");
    assertThat(model.getProbabilityCol()).isEqualTo("p");
    assertThat(model.getSettings()).containsExactly("train.schedule.type=constant");
    assertThat(model.numClasses()).isEqualTo(10);
    assertThat(model.numFeatures()).isEqualTo(784);
  }

  @Test
  void aCopyHasUidAndParamsAndTheExtraOnes() {
    CnnClassifier classifier = new CnnClassifier("mine").setNetwork("lenet-5").setWorkers(7);

    CnnClassifier copy = classifier.copy(new ParamMap().put(classifier.workers().w(3)));

    assertThat(copy.uid()).isEqualTo("mine");
    assertThat(copy.getNetwork()).isEqualTo("lenet-5");
    assertThat(copy.getWorkers()).isEqualTo(3);
    assertThat(classifier.getWorkers()).isEqualTo(7);
  }

  @Test
  void explainsEveryParam() {
    CnnClassifier classifier = new CnnClassifier();

    assertThat(classifier.explainParams())
        .contains(
            "epochs: passes over the training images, at least 1 (default: 15)",
            "idCol: column of whole numbers",
            "network: what is trained",
            "thresholds: ",
            "featuresCol: features column name (default: features)");
    assertThat(classifier.params()).extracting(Param::parent).containsOnly(classifier.uid());
  }

  @Test
  void hasTheDefaultsOfTheTrainCommand() {
    JobConfig defaults = JobConfigLoader.of(new Configuration()).load(ConfigRequest.defaults());

    JobConfig config = new CnnParams(new CnnClassifier()).config(new Configuration());

    assertThat(config.fingerprint()).isEqualTo(defaults.fingerprint());
  }

  @Test
  void takesTheTextOfANetworkFile() {
    CnnClassifier classifier =
        DigitFrames.classifier()
            .setEpochs(1)
            .setNetwork(
                """
                input { shape = [1, 28, 28] }
                layers = [
                  { type = flatten }
                  { type = fully-connected, outputs = 10 }
                ]
                """);

    assertThat(classifier.fit(train).networkText()).contains("\"outputs\":10");
  }

  @Test
  void refusesUnusableColumnsAllAtOnceBeforeAnyJob() {
    CnnClassifier classifier =
        new CnnClassifier("cnn")
            .setFeaturesCol("label")
            .setLabelCol("image")
            .setIdCol("pixels")
            .setPredictionCol("id")
            .setThresholds(new double[] {1, 2});
    int jobs = jobs();

    assertThatThrownBy(() -> classifier.fit(train))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            cnn: Cannot use column label (featuresCol): expected a vector, binary or a struct with binary bytes, got int.
            Cannot use column image (labelCol): expected numbers 0, 1, 2, …, got struct<bytes:binary,path:string>. A StringIndexer makes them of texts.
            Cannot use column pixels (idCol): expected a whole number, got vector.
            Cannot use thresholds: the network has 10 classes, got 2 thresholds.
            Cannot add column id: there is one of that name. Drop it, or name the columns of predictions by rawPredictionCol, probabilityCol and predictionCol.""");
    assertThat(jobs()).isEqualTo(jobs);
  }

  @Test
  void namesTheColumnsThatThereAre() {
    CnnClassifier classifier = new CnnClassifier("cnn").setLabelCol("digit").setIdCol("number");

    assertThatThrownBy(() -> classifier.transformSchema(train.schema()))
        .hasMessage(
            """
            cnn: Cannot find column features (featuresCol): the columns are id, pixels, image, label.
            Cannot find column digit (labelCol): the columns are id, pixels, image, label.
            Cannot find column number (idCol): the columns are id, pixels, image, label.""");
  }

  @Test
  void refusesParamsThatTheTrainCommandWouldRefuse() {
    CnnClassifier classifier =
        DigitFrames.classifier().setNetwork("lenet5").setEpochs(0).setSettings("train.epoch=3");

    assertThatThrownBy(() -> classifier.transformSchema(train.schema()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            classifier.uid() + ": ",
            "Cannot use train.epoch: unknown key. Did you mean train.epochs?",
            "got lenet5. Did you mean lenet-5?",
            "Cannot use train.epochs");
  }

  @Test
  void trainsInStagesAndPartsBySettings() {
    CnnClassifier staged =
        withSettings(
            "train.stages=[{ epochs = 1, freeze = [conv1] }, { epochs = 1, rates { output = 2 } }]");

    String sha256 = staged.fit(train).parametersSha256();

    assertThat(staged.fit(train.repartition(3).orderBy("id")).parametersSha256()).isEqualTo(sha256);
    assertThat(sha256).isNotEqualTo(expected);
    assertThat(withSettings("train.stages=[{}]").fit(train.coalesce(1)).parametersSha256())
        .isEqualTo(expected);
    assertThatThrownBy(() -> withSettings("train.freeze=[conv2]").fit(train))
        .hasMessageContaining(
            "Cannot use train.freeze: no layer is called \"conv2\". The network has conv1, relu1, max_pool1, output.");
  }

  private static CnnClassifier withSettings(String setting) {
    List<String> settings = new ArrayList<>(List.of(DigitFrames.classifier().getSettings()));
    settings.add(setting);
    return DigitFrames.classifier().setIdCol("id").setSettings(settings.toArray(String[]::new));
  }

  @Test
  void refusesSettingsThatAreNotForIt() {
    CnnClassifier classifier =
        new CnnClassifier("cnn").setSettings("train.epochs=3", "data.path=elsewhere", "=7");

    assertThatThrownBy(() -> classifier.transformSchema(train.schema()))
        .hasMessage(
            """
            cnn: Cannot use train.epochs in settings: it has a param of its own. Set epochs.
            Cannot use data.path in settings: images come from a DataFrame and the model goes back to the application. Leave it out.
            Cannot use settings: each must be key=value, got "=7".""");
  }

  @Test
  void refusesIdsThatDoNotTellRowsApart() {
    CnnClassifier classifier = DigitFrames.classifier().setIdCol("id");

    assertThatThrownBy(() -> classifier.fit(train.withColumn("id", functions.expr("id % 599"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot number the rows of the DataFrame: each id (idCol) must come once, got 599 different ones in 600 rows.");
    assertThatThrownBy(
            () -> classifier.fit(train.withColumn("id", functions.expr("if(id = 5, null, id)"))))
        .hasMessage(
            "Cannot number the rows of the DataFrame: each must have an id (idCol), got null in 1 of 600.");
  }

  @Test
  void refusesNoRows() {
    assertThatThrownBy(() -> DigitFrames.classifier().fit(train.limit(0)))
        .hasMessage("Cannot train on the DataFrame: it has no rows.");
  }

  @Test
  void refusesMoreWorkersThanImages() {
    assertThat(catchThrowable(() -> DigitFrames.classifier().setWorkers(20).fit(train)))
        .hasMessageContaining("Cannot train with train.workers = 20 and train.batch-size = 32");
  }

  @Test
  void refusesAScheduleThatWatchesImages() {
    CnnClassifier plateau = withSettings("train.schedule.type=plateau");

    assertThatThrownBy(() -> plateau.fit(train))
        .hasMessage(
            "Cannot train with train.schedule.type = plateau: it looks at images that are evaluated after each epoch, and an estimator has none. Take another schedule.");
  }

  @Test
  void namesTheRowWhoseLabelIsNone() {
    Dataset<Row> halves = train.withColumn("label", functions.expr("if(id = 7, 2.5, label)"));

    Throwable failure = catchThrowable(() -> DigitFrames.classifier().setIdCol("id").fit(halves));

    assertThat(failure)
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "Cannot use the DataFrame: the network has 10 classes, got label 2.5 at record 7, expected 0 to 9.");
    assertThat(((JobException) failure).exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  @Test
  void namesTheRowWhoseVectorHoldsNoPixels() {
    double[] scaled = new double[784];
    Arrays.fill(scaled, 0.5);
    Dataset<Row> one =
        train
            .where("id = 3")
            .map(
                (MapFunction<Row, Row>)
                    row ->
                        RowFactory.create(
                            row.get(0), Vectors.dense(scaled), row.get(2), row.get(3)),
                Encoders.row(train.schema()));
    Dataset<Row> mixed = train.where("id <> 3").union(one);

    assertThatThrownBy(() -> DigitFrames.classifier().setIdCol("id").fit(mixed))
        .hasMessage(
            """
            Cannot use 600 images in the DataFrame: data.max-bad-records allows 0 unusable, got 1:
              record 3 in the DataFrame: value 0 of its vector is 0.5, expected a whole number from 0 to 255: the network normalizes pixels itself
            Mend or remove them, or allow more.""");
  }

  private static int jobs() {
    return DIGITS.session().sparkContext().statusTracker().getJobIdsForGroup(null).length;
  }
}
