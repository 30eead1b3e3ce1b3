package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.SourceSummary;
import dev.featuremap.train.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/** The images of a run before they are loaded: found, and checked against the configuration. */
public final class TrainingInput {
  /** Images of a set that are decoded to see whether the rest is worth a start. */
  private static final int TRIED = 16;

  private final JobConfig config;
  private final StagePlans stages;
  private final TrainingPlan plan;
  private final JavaSparkContext spark;
  private final String place;
  private final ImageSource train;
  private final Optional<ImageSource> validation;
  private final Optional<ImageSource> test;
  private final ImageReading reading;
  private final List<String> description;
  private final List<ShardedImages> loaded = new ArrayList<>();

  private TrainingInput(
      JobConfig config,
      StagePlans stages,
      JavaSparkContext spark,
      String place,
      ImageSource train,
      Optional<ImageSource> validation,
      Optional<ImageSource> test,
      List<String> description) {
    this.config = config;
    this.stages = stages;
    this.plan = stages.first();
    this.spark = spark;
    this.place = place;
    this.train = train;
    this.validation = validation;
    this.test = test;
    this.description = description;
    this.reading = ImageReading.of(plan.network(), train.labels(), config.data());
  }

  /** Finds the images and reads what says how many there are; none is decoded. */
  public static TrainingInput open(JobConfig config, StagePlans stages, JavaSparkContext spark) {
    return open(config, stages, spark, Optional.empty());
  }

  /**
   * Finds the images of a run that goes on, which has as many sets as it had.
   *
   * @param earlier the state to resume from
   */
  public static TrainingInput open(
      JobConfig config, StagePlans stages, JavaSparkContext spark, Optional<RunState> earlier) {
    ImageReading.fit(config.network().input().shape(), config.data().resize());
    boolean hadTwoSets = earlier.filter(state -> !state.hasValidation()).isPresent();
    return SparkJob.describe(
        spark,
        "find images",
        () -> {
          DataSets found = DataSets.open(spark, config.data());
          DataSets sets = hadTwoSets ? found.withoutFoundValidation() : found;
          String place = "the images in " + config.data().path();
          return new TrainingInput(
              config,
              stages,
              spark,
              place,
              sets.train(),
              sets.validation(),
              Optional.of(sets.test()),
              sets.describe());
        });
  }

  /** Images that are there already; epochs are not evaluated. */
  static TrainingInput of(
      JobConfig config, StagePlans stages, JavaSparkContext spark, ImageSource train) {
    String place = train.toString();
    return new TrainingInput(
        config,
        stages,
        spark,
        place,
        train,
        Optional.empty(),
        Optional.empty(),
        List.of(SourceSummary.of(train)));
  }

  /**
   * Checks that images fit the network, workers the images and executors, and results the driver.
   *
   * @throws JobException naming both sides of what does not fit
   */
  public void checkFits() {
    reading.requireFits(train);
    evaluated().forEach(reading::requireFits);
    InputChecks.workers(plan.training(), train.images());
    InputChecks.batchSize(plan);
    InputChecks.classWeights(stages, reading.labels().names());
    sources().forEach(source -> InputChecks.labels(stages, train, source));
    for (TrainingPlan stage : stages.all()) {
      InputChecks.executor(stage, ExecutorMemory.of(spark));
      InputChecks.driver(stage, config.sync(), DriverMemory.of(spark.getConf()));
    }
    EvaluationMemory counts = EvaluationMemory.of(spark);
    evaluated().forEach(source -> counts.requireFits(plan.network().classes(), layout(source)));
  }

  /** A line about each set, for people. */
  public List<String> describe() {
    return description;
  }

  /** Decodes the first images of each set, or fails as training would. */
  public void tryFirst() {
    sources()
        .forEach(
            source ->
                SparkJob.describe(
                    spark,
                    "decode the first of " + source,
                    () ->
                        source
                            .read(spark, IdFilter.ALL)
                            .map(reading.of(source)::check)
                            .take(TRIED)));
  }

  /**
   * Loads the images into the executors' caches.
   *
   * @param earlier the state to resume from; the images must be the ones it has seen
   * @throws JobException with {@code BAD_DATA} when too many cannot be used
   */
  public TrainingData load(SparkWorkers workers, Optional<RunState> earlier) {
    ShardStorage keep = keep();
    Optional<ImageSource> epochs = validation.or(() -> test);
    String name = validation.isPresent() ? "validation images" : "test images";
    ShardedImages trainShards = shards("training images", train, keep);
    Optional<ShardedImages> epochShards = epochs.map(source -> shards(name, source, keep));
    List<ShardLoad> trainLoads = workers.load(trainShards, "load training images");
    List<ShardLoad> epochLoads =
        epochShards.map(shards -> workers.load(shards, "load " + name)).orElse(List.of());
    BadRecords bad = BadRecords.of(trainLoads).plus(BadRecords.of(epochLoads));
    bad.requireAtMost(config.data().maxBadRecords(), place);
    InputChecks.noShardIsEmpty(trainLoads, train.toString());
    epochs.ifPresent(source -> InputChecks.noShardIsEmpty(epochLoads, source.toString()));
    TrainingData data =
        new TrainingData(
            trainShards,
            epochShards,
            validation.flatMap(source -> heldOut(keep, bad)),
            trainLoads,
            epochLoads,
            reading.labels().names(),
            bad);
    InputChecks.workers(plan.training(), data.trainImages());
    earlier.ifPresent(state -> checkSame(state, data));
    stages
        .all()
        .forEach(stage -> stage.count(data.trainClasses(), data.labels(), trainShards.labelSets()));
    return data;
  }

  private Optional<HeldOutImages> heldOut(ShardStorage keep, BadRecords others) {
    return test.map(
        source ->
            new HeldOutImages(
                spark,
                source,
                () -> shards("test images", source, keep),
                bad -> others.plus(bad).requireAtMost(config.data().maxBadRecords(), place)));
  }

  /** Lets go of what {@link #load} has loaded. */
  public void release() {
    loaded.forEach(ShardedImages::release);
  }

  private Stream<ImageSource> sources() {
    return Stream.concat(Stream.of(train), evaluated());
  }

  private Stream<ImageSource> evaluated() {
    return Stream.concat(validation.stream(), test.stream());
  }

  private ShardStorage keep() {
    long imageBytes = reading.shape().size();
    return ExecutorMemory.cache(spark, config.sync(), stages.all())
        .keep(
            config.data().keep(),
            sources().mapToLong(ImageSource::images).sum() * imageBytes,
            layout(train).sizeOf(0) * imageBytes,
            imageBytes);
  }

  private ShardedImages shards(String name, ImageSource source, ShardStorage keep) {
    ShardedImages shards = ShardedImages.of(spark, name, source, reading, layout(source), keep);
    loaded.add(shards);
    return shards;
  }

  private ShardLayout layout(ImageSource source) {
    TrainingSpec training = plan.training();
    return ShardLayout.ofAtMost(training.workers(), source.images(), training.seed());
  }

  private void checkSame(RunState earlier, TrainingData data) {
    checkSame("training images", earlier.trainDigests(), data.trainDigests());
    checkSame("validation images", earlier.validationDigests(), data.validationDigests());
    checkSame("test images", earlier.testDigests(), data.testDigests());
    checkSame("labels", earlier.labels(), data.labels());
  }

  private void checkSame(String what, List<String> earlier, List<String> now) {
    if (!earlier.equals(now)) {
      throw JobException.badData(
          "Cannot resume run %s: the %s in %s must be the ones it started with, got others. Restore them, or start a new run."
              .formatted(config.runId(), what, config.data().path()));
    }
  }
}
