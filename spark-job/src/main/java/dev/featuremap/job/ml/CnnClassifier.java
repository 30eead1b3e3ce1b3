package dev.featuremap.job.ml;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.training.rounds.SessionTraining;
import dev.featuremap.network.NetworkPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a convolutional network on the images of a DataFrame.
 *
 * <p>The features column holds vectors of pixels, whole numbers from 0 to 255 in the order channel,
 * row, column; or image files, as binary or as a struct with binary {@code bytes}. Labels are the
 * numbers 0 to n-1 of the network's outputs. There are no weights of rows.
 *
 * <p>Training is that of the {@code train} command: same images, ids and settings, same parameters.
 * It ends with the application: there are no checkpoints.
 */
public final class CnnClassifier
    extends ProbabilisticClassifier<Vector, CnnClassifier, CnnClassificationModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final CnnParams params;

  /** A classifier of the network {@code seed}. */
  public CnnClassifier() {
    this(Identifiable$.MODULE$.randomUID("cnnClassifier"));
  }

  /** The same with a uid. */
  public CnnClassifier(String uid) {
    this(UidInTheMaking.of(uid));
  }

  private CnnClassifier(UidInTheMaking uid) {
    this.uid = uid.done();
    this.params = new CnnParams(this);
  }

  @Override
  public String uid() {
    return uid == null ? UidInTheMaking.current() : uid;
  }

  @Override
  public CnnClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@code save} has written. */
  public static MLReader<CnnClassifier> read() {
    return new Stored().read();
  }

  /** Reads a classifier from a directory. */
  public static CnnClassifier load(String path) {
    return read().load(path);
  }

  private static final class Stored implements DefaultParamsReadable<CnnClassifier> {}

  /**
   * The schema that the model will give. Params are checked here too, all of them at once.
   *
   * @throws IllegalArgumentException with what must change, before any job
   */
  @Override
  public StructType transformSchema(StructType schema) {
    JobConfig config = params.config(Sessions.hadoop());
    ImageColumn images = images(config);
    List<String> problems = new ArrayList<>();
    images.check(schema, getFeaturesCol(), problems);
    Columns.checkLabel(schema, getLabelCol(), problems);
    idColumn().ifPresent(id -> Columns.checkId(schema, id, problems));
    if (isDefined(thresholds())) {
      Columns.checkThresholds(
          getThresholds(), NetworkPlan.of(config.network()).classes(), problems);
    }
    StructType predicted =
        Columns.withPredictions(
            schema, getRawPredictionCol(), getProbabilityCol(), getPredictionCol(), problems);
    Columns.requireNone(uid(), problems);
    return predicted;
  }

  private static ImageColumn images(JobConfig config) {
    return ImageColumn.of(config.network().input().shape(), config.data().maxBytes());
  }

  private Optional<String> idColumn() {
    return isDefined(params.idCol) ? Optional.of(getIdCol()) : Optional.empty();
  }

  @Override
  public CnnClassificationModel train(Dataset<?> dataset) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    JobConfig config = params.config(Sessions.hadoop(dataset.sparkSession()));
    Optional<Column> id = idColumn().map(Columns::named);
    FrameSource source =
        SparkJob.describe(
            spark,
            "number rows",
            () ->
                FrameSource.of(
                    dataset,
                    Columns.named(getFeaturesCol()),
                    Columns.named(getLabelCol()),
                    id,
                    images(config)));
    ModelFile trained = new SessionTraining(config, spark).train(source);
    return new CnnClassificationModel(uid(), trained);
  }

  /** A network's name, the URI of a network file, or its text in HOCON. */
  public Param<String> network() {
    return params.network;
  }

  public String getNetwork() {
    return getOrDefault(params.network);
  }

  public CnnClassifier setNetwork(String value) {
    return (CnnClassifier) set(params.network, value);
  }

  /** Passes over the training images. */
  public IntParam epochs() {
    return params.epochs;
  }

  public int getEpochs() {
    return (Integer) getOrDefault(params.epochs);
  }

  public CnnClassifier setEpochs(int value) {
    return (CnnClassifier) set(params.epochs, value);
  }

  /** Images per update of one worker. */
  public IntParam batchSize() {
    return params.batchSize;
  }

  public int getBatchSize() {
    return (Integer) getOrDefault(params.batchSize);
  }

  public CnnClassifier setBatchSize(int value) {
    return (CnnClassifier) set(params.batchSize, value);
  }

  /** Parts the images are divided into, whatever the number of cores. */
  public IntParam workers() {
    return params.workers;
  }

  public int getWorkers() {
    return (Integer) getOrDefault(params.workers);
  }

  public CnnClassifier setWorkers(int value) {
    return (CnnClassifier) set(params.workers, value);
  }

  /** Step size. */
  public DoubleParam learningRate() {
    return params.learningRate;
  }

  public double getLearningRate() {
    return (Double) getOrDefault(params.learningRate);
  }

  public CnnClassifier setLearningRate(double value) {
    return (CnnClassifier) set(params.learningRate, value);
  }

  /** The optimizer's name, a {@code train.optimizer.type} of {@code conf/train.conf}. */
  public Param<String> optimizer() {
    return params.optimizer;
  }

  public String getOptimizer() {
    return getOrDefault(params.optimizer);
  }

  public CnnClassifier setOptimizer(String value) {
    return (CnnClassifier) set(params.optimizer, value);
  }

  /** When workers average their parameters: {@code epoch}, {@code N steps} or {@code 1 step}. */
  public Param<String> syncEvery() {
    return params.syncEvery;
  }

  public String getSyncEvery() {
    return getOrDefault(params.syncEvery);
  }

  public CnnClassifier setSyncEvery(String value) {
    return (CnnClassifier) set(params.syncEvery, value);
  }

  /** Decides all that is random. */
  public LongParam seed() {
    return params.seed;
  }

  public long getSeed() {
    return (Long) getOrDefault(params.seed);
  }

  public CnnClassifier setSeed(long value) {
    return (CnnClassifier) set(params.seed, value);
  }

  /** The column in whose order images are numbered; the order of rows if there is none. */
  public Param<String> idCol() {
    return params.idCol;
  }

  public String getIdCol() {
    return getOrDefault(params.idCol);
  }

  public CnnClassifier setIdCol(String value) {
    return (CnnClassifier) set(params.idCol, value);
  }

  /** Other keys of {@code conf/train.conf}, each {@code key=value}. */
  public StringArrayParam settings() {
    return params.settings;
  }

  public String[] getSettings() {
    return getOrDefault(params.settings);
  }

  public CnnClassifier setSettings(String... values) {
    return (CnnClassifier) set(params.settings, values);
  }
}
