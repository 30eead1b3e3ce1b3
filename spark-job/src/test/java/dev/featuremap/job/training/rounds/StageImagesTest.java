package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.images.shard.CacheMemory;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StageImagesTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(1, FeaturemapKryoRegistrator.class);

  @TempDir private Path directory;

  @Test
  void keepsFeaturesWhileStagesFreezeTheSameAndFreesThem() throws IOException {
    JobConfig config = run().config();
    StagePlans stages = StagePlans.of(config);
    stages.all().forEach(stage -> stage.start(Optional.empty(), config.sync().outer()));
    TrainingData data = load(config, stages);
    StageImages images = new StageImages(SPARK.context(), data);
    List<String> before = cached();

    Optional<String> said = images.enter(stages.all().get(0));
    ShardedImages kept = images.train();
    kept.load();

    assertThat(said).hasValue("features of 4 layers are kept: 1 MB; computed once for each image");
    assertThat(cached())
        .containsAll(before)
        .contains("features of training images, 2 shards", "features of test images, 2 shards");
    assertThat(kept.shards().map(Shard::holdsFeatures).collect()).containsExactly(true, true);
    assertThat(kept.shards().map(Shard::sha256).collect()).isEqualTo(data.trainDigests());
    assertThat(images.enter(stages.all().get(0))).isEmpty();

    images.enter(stages.all().get(1));
    assertThat(images.train()).isSameAs(kept);

    assertThat(images.enter(stages.all().get(2))).isEmpty();
    assertThat(images.train()).isSameAs(data.train());
    assertThat(images.evaluated()).isEqualTo(data.evaluated());
    assertThat(cached()).containsExactlyInAnyOrderElementsOf(before);
  }

  /** 20 bytes for each of 100 images, in two shards. */
  @Test
  void keepsFeaturesWhereTheyAndPixelsTakeHalfOfTheRoom() throws IOException {
    assertThat(plan(new CacheMemory(4, 6_000, 1_000, false)).fits()).isTrue();
    assertThat(plan(new CacheMemory(4, 5_998, 1_000, false)).fits()).isFalse();
    assertThat(plan(new CacheMemory(4, 6_000, 999, false)).fits()).isFalse();
    assertThat(plan(new CacheMemory(4, 1_000, 1_000, false)).line())
        .isEqualTo(
            "features of 4 layers are not kept: they take 1 MB, executors have 0 MB for them; computed again in every epoch");
  }

  private StageImages.Plan plan(CacheMemory memory) throws IOException {
    StagePlans stages = StagePlans.of(run().config());
    return StageImages.Plan.of(stages.first().featureCut().orElseThrow(), memory, 100, 50, 1_000);
  }

  private SmallRun run() throws IOException {
    Path digits = Files.createDirectories(directory.resolve("data"));
    return SmallRun.of(SmallRun.digits(digits), directory.resolve("runs"))
        .with(
            "network",
            "{ input { shape = [1, 28, 28] }, layers = ["
                + " { type = convolution, name = stem, feature-maps = 2, field = 5, stride = 4 },"
                + " { type = relu },"
                + " { type = fully-connected, name = hidden, outputs = 5 }, { type = relu },"
                + " { type = fully-connected, name = fc, outputs = 10 } ] }")
        .with(
            "train.stages",
            "[{ freeze = [stem, hidden] }, { freeze = [hidden, stem] }, { freeze = [hidden] }]");
  }

  private TrainingData load(JobConfig config, StagePlans stages) {
    SparkWorkers workers =
        new SparkWorkers(
            SPARK.context(),
            stages.first(),
            config.sync().wire(),
            DriverMemory.of(SPARK.context().getConf()));
    return TrainingInput.open(config, stages, SPARK.context()).load(workers, Optional.empty());
  }

  private static List<String> cached() {
    return SPARK.context().getPersistentRDDs().values().stream()
        .map(rdd -> rdd.rdd().name())
        .toList();
  }
}
