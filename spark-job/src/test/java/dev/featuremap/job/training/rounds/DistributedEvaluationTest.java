package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.ShardStorage;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.shard.ShardLayout;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.train.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DistributedEvaluationTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  private static final int CLASSES = 46_341;
  private static final ShardLayout LAYOUT = new ShardLayout(SmallRun.TEST_IMAGES, 7, 1);
  private static final long ROOM = 1L << 30;

  @TempDir private Path directory;
  private TrainingPlan plan;
  private JobConfig config;
  private ImageSource test;
  private ShardedImages images;

  @BeforeEach
  void shareImages() throws Exception {
    Path network = directory.resolve("many.conf");
    Files.writeString(
        network,
        """
        network {
          input { shape = [1, 28, 28], mean = 0.1307, deviation = 0.3081 }
          layers = [
            { type = max-pool, window = 7 }
            { type = fully-connected, outputs = %s }
          ]
          loss = softmax-cross-entropy
        }
        """
            .formatted(Integer.toString(CLASSES)));
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    config =
        JobConfigLoader.of(new Configuration())
            .load(
                new ConfigRequest(
                    Optional.of(network.toString()), List.of("data.path=" + data), Map.of()));
    plan = TrainingPlan.of(config);
    test = DataSets.open(SPARK.context(), config.data()).test();
    images = shared(LAYOUT);
  }

  private ShardedImages shared(ShardLayout layout) {
    ImageReading reading = ImageReading.of(plan.network(), test.labels(), config.data());
    return ShardedImages.of(
        SPARK.context(), "test images", test, reading, layout, ShardStorage.PIXELS);
  }

  @Test
  void givesTheSameHoweverManyResultsTheDriverTakesAtOnce() {
    Evaluation atOnce = evaluate(ROOM);
    Evaluation oneByOne = evaluate(1);

    assertThat(atOnce.images()).isEqualTo(SmallRun.TEST_IMAGES);
    assertThat(oneByOne.lossSum()).isEqualTo(atOnce.lossSum());
    assertThat(oneByOne.accuracy()).isEqualTo(atOnce.accuracy());
    assertThat(oneByOne.confusion().mostConfused(999))
        .isEqualTo(atOnce.confusion().mostConfused(999))
        .isNotEmpty();
    assertThat(oneByOne.mistakes())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(atOnce.mistakes());
  }

  @Test
  void tellsTheSameMetricsHoweverTheSetIsDivided() throws Exception {
    float[] model = plan.model(plan.training().initialState(plan.network()));
    FullEvaluation full = evaluation(ROOM).evaluateFully(images, model, "evaluate");
    FullEvaluation oneByOne = evaluation(1).evaluateFully(images, model, "evaluate");
    FullEvaluation inThree =
        evaluation(ROOM)
            .evaluateFully(shared(new ShardLayout(SmallRun.TEST_IMAGES, 3, 9)), model, "evaluate");

    assertThat(full.evaluation().lossSum()).isEqualTo(evaluate(ROOM).lossSum());
    assertThat(oneByOne.metrics()).isEqualTo(full.metrics());
    assertThat(inThree.metrics().classes()).isEqualTo(full.metrics().classes());
    assertThat(inThree.metrics().auc()).isEqualTo(full.metrics().auc()).isBetween(0.0, 1.0);
    assertThat(inThree.metrics().top5()).isEqualTo(full.metrics().top5());
    assertThat(inThree.metrics().logLoss()).isCloseTo(full.metrics().logLoss(), within(1e-12));
    assertThat(full.metrics().logLoss()).isCloseTo(full.evaluation().loss(), within(1e-5));
  }

  @Test
  void isRefusedBeforeItStartsWhereTheCountsDoNotFit() {
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> evaluation(1 << 10).requireFits(images.layout()));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure).hasMessageStartingWith("Cannot evaluate 200 images of 46,341 classes in 7");
  }

  private Evaluation evaluate(long driverBytes) {
    float[] model = plan.model(plan.training().initialState(plan.network()));
    return evaluation(driverBytes).evaluate(images, model, "evaluate");
  }

  private DistributedEvaluation evaluation(long driverBytes) {
    return new DistributedEvaluation(
        SPARK.context(),
        plan,
        plan.network().classes(),
        new EvaluationMemory(
            new DriverMemory(ROOM, driverBytes),
            new ExecutorMemory(ROOM, 2, "spark.driver.memory")));
  }
}
