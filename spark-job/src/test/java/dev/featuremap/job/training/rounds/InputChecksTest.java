package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.BadRecords;
import dev.featuremap.job.images.shard.ShardLoad;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class InputChecksTest {
  private static final long HEAP = 1L << 30;

  @Test
  void needsAWholeStepOfImages() {
    TrainingPlan plan = plan("train.workers=40", "train.batch-size=32");

    assertThatCode(() -> InputChecks.workers(plan.training(), 1280)).doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(JobException.class, () -> InputChecks.workers(plan.training(), 1279));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot train with train.workers = 40 and train.batch-size = 32: one step takes 1,280 images, got 1,279. Lower one of the two.");
  }

  @Test
  void needsAnImageInEachShard() {
    ShardLoad full = new ShardLoad("", 1, BadRecords.NONE, 0, 0, new int[0]);
    ShardLoad empty = new ShardLoad("", 0, BadRecords.NONE, 0, 0, new int[0]);

    assertThatCode(() -> InputChecks.noShardIsEmpty(List.of(full), "2 images"))
        .doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> InputChecks.noShardIsEmpty(List.of(full, empty), "2 images in a"));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot share 2 images in a among 2 workers: each needs at least one, got none but bad records for worker 1. Lower train.workers, or mend the data.");
  }

  @Test
  void needsABatchThatItsLayersCanKeep() {
    // 2,880 inputs and up to 64 more of each image in one array: 2^31 / 2,944, in blocks of 16.
    assertThatCode(() -> InputChecks.batchSize(plan("network=one-conv", "train.batch-size=729440")))
        .doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> InputChecks.batchSize(plan("network=one-conv", "train.batch-size=729441")));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot train with train.batch-size = 729441: a fully connected layer of this network can keep 729,440 images. Lower train.batch-size, or raise train.workers with sync.every = \"1 step\".");
  }

  @Test
  void needsExecutorsThatHoldTheirWorkers() {
    // 11,689,512 parameters with two moments, and 9,600 statistics: 140,312,544 bytes a state;
    // a gradient 46,796,448; activations 25.5 MB for each of 16 images.
    TrainingPlan plan = plan("network=resnet-18", "train.workers=8", "train.optimizer.type=adam");
    ExecutorMemory two = new ExecutorMemory(2000L << 20, 2, "spark.executor.memory");

    assertThatCode(() -> InputChecks.executor(plan, two)).doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> InputChecks.executor(plan, new ExecutorMemory(HEAP, 2, "spark.executor.memory")));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot train with train.batch-size = 16: a worker takes at least 568 MiB, 390 of them for activations, and 2 at once in an executor take 1,269 MiB, got a heap of 1,024 MiB. Raise spark.executor.memory, let fewer work at once by spark.task.cpus, or lower train.batch-size.");
  }

  /** The head's 513,000 parameters have moments, the other 11,176,512 and the statistics none. */
  @Test
  void needsLessWhereLayersAreFrozen() {
    TrainingPlan plan =
        plan("network=resnet-18", "train.workers=8", "train.freeze=[\"*\",\"!fc\"]");
    ExecutorMemory little = new ExecutorMemory(400L << 20, 2, "spark.executor.memory");

    assertThatCode(() -> InputChecks.executor(plan, little)).doesNotThrowAnyException();
    assertThatCode(
            () ->
                InputChecks.driver(
                    plan, config().sync(), new DriverMemory(Long.MAX_VALUE, 130L << 20)))
        .doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                JobException.class,
                () -> InputChecks.executor(plan, new ExecutorMemory(40L << 20, 2, "x"))))
        .hasMessageContaining("Cannot train with train.batch-size = 16");
  }

  @Test
  void countsTheImagesOfAMiniBatchWhereALayerNeedsThem() {
    ExecutorMemory room = new ExecutorMemory(HEAP, 1, "spark.driver.memory");

    assertThatCode(
            () -> InputChecks.executor(plan("network=vgg-small", "train.batch-size=4096"), room))
        .doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                JobException.class,
                () ->
                    InputChecks.executor(plan("network=resnet-20", "train.batch-size=4096"), room)))
        .hasMessageContaining("Raise spark.driver.memory");
  }

  @Test
  void needsADriverThatHoldsSmallResultsAndItsOwnStates() {
    // 79,510 parameters and two moments of 4 bytes: 954,120 bytes a state. Of 16 MB a driver gives
    // a quarter to 4 results of that size and their overhead, and holds them beside 4 of its own.
    String[] settings = {"network=shallow", "train.workers=4", "train.optimizer.type=adam"};

    assertThatCode(() -> check(Long.MAX_VALUE, 16_029_216, settings)).doesNotThrowAnyException();
    assertThat(new DriverMemory(Long.MAX_VALUE, 16_029_216).collects(4 * 954_120)).isTrue();
    assertThat(new DriverMemory(Long.MAX_VALUE, 16_029_212).collects(4 * 954_120)).isFalse();
  }

  @Test
  void needsADriverThatHoldsFourStatesWhenExecutorsJoin() {
    String[] settings = {"network=shallow", "train.workers=400", "train.optimizer.type=adam"};

    assertThatCode(() -> check(Long.MAX_VALUE, 4 * 954_120, settings)).doesNotThrowAnyException();
    JobException failure = refused(Long.MAX_VALUE, 4 * 954_120 - 1, settings);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot average 400 workers: a round takes 4 MiB of the driver's memory, got a heap of 3 MiB. Submit with --conf spark.driver.memory=6m.");
  }

  @Test
  void needsRoomForTheMemoryOfOuterMomentumBeforeAndAfterARound() {
    // 4 states of 954,120 bytes and 2 memories of 318,040.
    String[] settings = {
      "network=shallow", "train.optimizer.type=adam", "sync.outer.type=slowmo", "train.workers=99"
    };

    assertThatCode(() -> check(Long.MAX_VALUE, 4_452_560, settings)).doesNotThrowAnyException();
    assertThat(refused(Long.MAX_VALUE, 4_452_559, settings))
        .hasMessageStartingWith("Cannot average 99 workers: a round takes 5 MiB of the driver's");
  }

  @Test
  void needsRoomForTheAverageInTheResultsOfAJob() {
    // 954,120 bytes and 5 %.
    String[] settings = {"network=shallow", "train.workers=4", "train.optimizer.type=adam"};

    assertThatCode(() -> check(1_001_826, HEAP, settings)).doesNotThrowAnyException();
    JobException failure = refused(1_001_825, HEAP, settings);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot average 4 workers: the averaged state takes 1 MiB, spark.driver.maxResultSize allows 0 MiB. Submit with --conf spark.driver.maxResultSize=2m and driver memory to match.");
  }

  @Test
  void needsRoomForGradientsAloneWhenWorkersShareThem() {
    // 318,040 bytes and 5 %.
    String[] settings = {"network=shallow", "train.workers=4", "sync.every=1 step"};

    assertThatCode(() -> check(333_942, HEAP, settings)).doesNotThrowAnyException();
    assertThat(refused(333_941, HEAP, settings))
        .hasMessageStartingWith(
            "Cannot average 4 workers: the sum of their gradients takes 1 MiB, ");
  }

  @Test
  void takesAResultSizeOfZeroForNoLimit() {
    SparkConf unlimited = new SparkConf(false).set("spark.driver.maxResultSize", "0");

    assertThat(DriverMemory.of(unlimited).resultBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(DriverMemory.of(new SparkConf(false)).resultBytes()).isEqualTo(1L << 30);
  }

  private static void check(long resultBytes, long heapBytes, String... assignments) {
    JobConfig config = config(assignments);
    InputChecks.driver(
        TrainingPlan.of(config), config.sync(), new DriverMemory(resultBytes, heapBytes));
  }

  private static JobException refused(long resultBytes, long heapBytes, String... assignments) {
    return catchThrowableOfType(
        JobException.class, () -> check(resultBytes, heapBytes, assignments));
  }

  private static TrainingPlan plan(String... assignments) {
    return TrainingPlan.of(config(assignments));
  }

  private static JobConfig config(String... assignments) {
    return JobConfigLoader.of(new Configuration())
        .load(ConfigRequest.defaults().withAssignments(assignments));
  }
}
