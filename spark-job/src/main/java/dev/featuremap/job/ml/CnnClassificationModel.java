package dev.featuremap.job.ml;

import dev.featuremap.data.Sha256;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.models.registry.ModelReference;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * A trained network: of a classifier, or as the {@code train} command has left it. What it is saved
 * as holds {@code model.safetensors}, which the commands {@code evaluate}, {@code predict} and
 * {@code export} take too.
 *
 * <p>{@link #transform} needs the features column alone. Rows go through the network in
 * mini-batches; a row that is no image ends the job with a message that names it.
 */
public final class CnnClassificationModel
    extends ProbabilisticClassificationModel<Vector, CnnClassificationModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final StringArrayParam settings;
  private final Param<String> featuresLayer;
  private final Param<String> layerFeaturesCol;
  private final String networkText;
  private final float[] values;
  private transient TrainedNetwork network;

  /** A model of nothing, to find out by {@code ServiceLoader} that there is such a class. */
  public CnnClassificationModel() {
    this(Identifiable$.MODULE$.randomUID("cnnClassifier"));
  }

  /** A model of nothing that can hold params, as readers make it. */
  public CnnClassificationModel(String uid) {
    this(UidInTheMaking.of(uid), "", new float[0]);
  }

  /** The model in a file, for example of a run of the {@code train} command. */
  public CnnClassificationModel(String uid, ModelFile file) {
    this(UidInTheMaking.of(uid), file.networkText(), file.values());
  }

  private CnnClassificationModel(UidInTheMaking uid, String networkText, float[] values) {
    this.uid = uid.done();
    this.networkText = networkText;
    this.values = values;
    this.settings = ExtraSettings.param(this);
    this.featuresLayer =
        new Param<>(
            this,
            "featuresLayer",
            "layer whose output transform gives instead of predictions; empty for predictions");
    this.layerFeaturesCol =
        new Param<>(
            this,
            "layerFeaturesCol",
            "column of that output, vectors in the order channel, row, column");
    setDefault(featuresLayer, "");
    setDefault(layerFeaturesCol, "layerFeatures");
  }

  @Override
  public String uid() {
    return uid == null ? UidInTheMaking.current() : uid;
  }

  @Override
  public CnnClassificationModel copy(ParamMap extra) {
    CnnClassificationModel copy =
        new CnnClassificationModel(UidInTheMaking.of(uid), networkText, values);
    return copyValues(copy, extra).setParent(parent());
  }

  /** Reads what {@code save} has written. */
  public static MLReader<CnnClassificationModel> read() {
    return new ModelReader();
  }

  /** Reads a model from a directory. */
  public static CnnClassificationModel load(String path) {
    return read().load(path);
  }

  /** The newest model of a run of the {@code train} command. */
  public static CnnClassificationModel ofRun(String directory) {
    return of(ModelLocation.ofRun(Locations.parse("the run", directory)));
  }

  /** The model of a run's checkpoint of the best accuracy. */
  public static CnnClassificationModel bestOfRun(String directory) {
    return of(ModelLocation.bestOfRun(Locations.parse("the run", directory)));
  }

  /** The model in a checkpoint's directory or a {@code model.safetensors}. */
  public static CnnClassificationModel ofCheckpoint(String path) {
    return of(ModelLocation.at(Locations.parse("the checkpoint", path)));
  }

  /** A published model: the newest, or behind {@code @} a version or an alias. */
  public static CnnClassificationModel ofPublished(String reference) {
    return of(
        ModelLocation.published(
            ModelReference.of("the model", Locations.parse("the model", reference))));
  }

  private static CnnClassificationModel of(ModelLocation location) {
    ModelFile file = new ModelLookup(Sessions.hadoop(), "load").at(location);
    return new CnnClassificationModel(Identifiable$.MODULE$.randomUID("cnnClassifier"), file);
  }

  @Override
  public MLWriter write() {
    ModelFile file = network().file().resizing(data(Sessions.hadoop()).resize());
    return new ModelWriter(file, DefaultParamsWritable.super.write());
  }

  /** Keys of {@code conf/train.conf} that decide how image files are read. */
  public StringArrayParam settings() {
    return settings;
  }

  public String[] getSettings() {
    return getOrDefault(settings);
  }

  public CnnClassificationModel setSettings(String... keyValues) {
    return (CnnClassificationModel) set(settings, keyValues);
  }

  /** The layer whose output {@link #transform} gives; nothing above it is computed. */
  public Param<String> featuresLayer() {
    return featuresLayer;
  }

  public String getFeaturesLayer() {
    return getOrDefault(featuresLayer);
  }

  public CnnClassificationModel setFeaturesLayer(String layer) {
    return (CnnClassificationModel) set(featuresLayer, layer);
  }

  /** The column that gets it. */
  public Param<String> layerFeaturesCol() {
    return layerFeaturesCol;
  }

  public String getLayerFeaturesCol() {
    return getOrDefault(layerFeaturesCol);
  }

  public CnnClassificationModel setLayerFeaturesCol(String name) {
    return (CnnClassificationModel) set(layerFeaturesCol, name);
  }

  @Override
  public int numClasses() {
    return network().classes();
  }

  @Override
  public int numFeatures() {
    return network().shape().size();
  }

  /** SHA-256 of the parameters, as runs of the {@code train} command tell it. */
  public String parametersSha256() {
    return Sha256.ofFloats(values, values.length);
  }

  /** The network in HOCON. */
  public String networkText() {
    return networkText;
  }

  /**
   * The schema with the columns of predictions, or of a layer's output.
   *
   * @throws IllegalArgumentException with what must change, before any job
   */
  @Override
  public StructType transformSchema(StructType schema) {
    List<String> problems = new ArrayList<>();
    images(data(Sessions.hadoop())).check(schema, getFeaturesCol(), problems);
    if (!getFeaturesLayer().isEmpty()) {
      StructType longer = Columns.withLayerFeatures(schema, getLayerFeaturesCol(), problems);
      network().checkLayer(getFeaturesLayer(), problems);
      Columns.requireNone(uid, problems);
      return longer;
    }
    if (isDefined(thresholds())) {
      Columns.checkThresholds(getThresholds(), numClasses(), problems);
    }
    StructType longer =
        Columns.withPredictions(
            schema, getRawPredictionCol(), getProbabilityCol(), getPredictionCol(), problems);
    Columns.requireNone(uid, problems);
    return longer;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    Broadcast<float[]> shared = spark.broadcast(values);
    DataSettings data = data(Sessions.hadoop(dataset.sparkSession()));
    PredictRows task =
        new PredictRows(
            networkText,
            shared,
            reading(data),
            images(data),
            dataset.schema().fieldIndex(getFeaturesCol()),
            new PredictedColumns(
                !getRawPredictionCol().isEmpty(),
                !getProbabilityCol().isEmpty(),
                !getPredictionCol().isEmpty(),
                isDefined(thresholds()) ? getThresholds() : null),
            getFeaturesLayer().isEmpty() ? null : getFeaturesLayer());
    return dataset.toDF().mapPartitions(task, Encoders.row(schema));
  }

  private DataSettings data(Configuration hadoop) {
    DataSettings data = ExtraSettings.ofImages(List.of(getSettings()), uid, hadoop);
    ModelFile file = network().file();
    return data.reading(
        data.resize().orElse(file.resize()), data.upright() || file.notes().upright());
  }

  private ImageColumn images(DataSettings data) {
    return ImageColumn.of(network().shape(), data.maxBytes());
  }

  private ImageReading reading(DataSettings data) {
    return ImageReading.of(network().file().plan(), LabelIndex.numbers(), data);
  }

  /** The logits of one image; whole columns go faster by {@link #transform}. */
  @Override
  public Vector predictRaw(Vector features) {
    DataSettings data = data(Sessions.hadoop());
    return Vectors.dense(network().logits(reading(data), images(data).content(features)));
  }

  @Override
  public Vector raw2probabilityInPlace(Vector rawPrediction) {
    if (!(rawPrediction instanceof DenseVector dense)) {
      throw new IllegalArgumentException(
          "Cannot make probabilities in place: expected a dense vector, got %s."
              .formatted(rawPrediction));
    }
    network().probabilitiesInPlace(dense.values());
    return dense;
  }

  /**
   * This model and its columns, for summaries that it does not have. Spark ML inherits two of these
   * whose types only Scala takes for one, hence the raw type.
   */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return new Tuple3<>(this, getProbabilityCol(), getPredictionCol());
  }

  private synchronized TrainedNetwork network() {
    if (networkText.isEmpty()) {
      throw new IllegalStateException(
          "Cannot use %s: it has no network. Fit a CnnClassifier, or load a model.".formatted(uid));
    }
    if (network == null) {
      network = new TrainedNetwork(ModelFile.of(networkText, List.of(), values));
    }
    return network;
  }
}
