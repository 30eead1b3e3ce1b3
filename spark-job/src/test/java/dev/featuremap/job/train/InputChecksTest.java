package dev.featuremap.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.shard.ShardLoad;
import dev.featuremap.job.source.BadRecord;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.SyncRule;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class InputChecksTest {
  private static final SyncRule ONE_STEP = new SyncRule(1);

  @Test
  void needsAWholeStepOfImages() {
    RunPlan plan = plan("train.workers=40", "train.batch-size=32");

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
    Shape shape = new Shape(1, 1, 1);
    ShardLoad full = load(new ImageChunk(shape, new long[] {1}, new int[] {0}, new byte[1]));
    ShardLoad empty = load(new ImageChunk(shape, new long[0], new int[0], new byte[0]));

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

  private static ShardLoad load(ImageChunk chunk) {
    return ShardLoad.of(new Shard(List.of(chunk)), new BadRecord[0]);
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
  void needsRoomForTheStatesOfAllWorkers() {
    // 79,510 parameters and two moments of 4 bytes, from 4 workers: 3,816,480 bytes, and 5 %.
    RunPlan plan = plan("network=shallow", "train.workers=4", "train.optimizer.type=adam");

    assertThatCode(() -> InputChecks.resultSize(plan, SyncRule.EPOCH, limit("4007304")))
        .doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> InputChecks.resultSize(plan, SyncRule.EPOCH, limit("3m")));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot average 4 workers: their states take 4 MiB together, spark.driver.maxResultSize allows 3 MiB. Submit with --conf spark.driver.maxResultSize=6m and driver memory to match, or lower train.workers.");
  }

  @Test
  void takesAResultSizeOfZeroForNoLimit() {
    RunPlan plan = plan("train.workers=65536");

    assertThatCode(() -> InputChecks.resultSize(plan, SyncRule.EPOCH, limit("0")))
        .doesNotThrowAnyException();
  }

  @Test
  void leavesRoomForWhatSparkAddsToResults() {
    RunPlan plan = plan("network=shallow", "train.workers=4", "train.optimizer.type=adam");

    assertThatThrownBy(() -> InputChecks.resultSize(plan, SyncRule.EPOCH, limit("4007303")))
        .isInstanceOf(JobException.class);
  }

  @Test
  void countsOnlyGradientsWhenWorkersShareThem() {
    // 79,510 gradients of 4 bytes, from 4 workers: 1,272,160 bytes, and 5 %.
    RunPlan plan = plan("network=shallow", "train.workers=4", "train.optimizer.type=adam");

    assertThatCode(() -> InputChecks.resultSize(plan, ONE_STEP, limit("1335768")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> InputChecks.resultSize(plan, ONE_STEP, limit("1m")))
        .hasMessageStartingWith("Cannot average 4 workers: their gradients take 2 MiB together");
  }

  @Test
  void needsADriverThatHoldsTheResultsAndItsOwnStates() {
    // 954,120 bytes a state; 4 results and 6 of the driver's own: 9,541,200 bytes.
    RunPlan plan = plan("network=shallow", "train.workers=4", "train.optimizer.type=adam");

    assertThatCode(() -> InputChecks.driverMemory(plan, SyncRule.EPOCH, 9_541_200))
        .doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(
            JobException.class, () -> InputChecks.driverMemory(plan, SyncRule.EPOCH, 9_541_199));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot average 4 workers: a round takes 10 MiB of the driver's memory, got a heap of 9 MiB. Submit with --conf spark.driver.memory=13m, or lower train.workers.");
  }

  @Test
  void needsLessOfADriverWhenWorkersShareGradients() {
    // 4 gradients of 318,040 bytes and 6 states of 954,120 bytes.
    RunPlan plan = plan("network=shallow", "train.workers=4", "train.optimizer.type=adam");

    assertThatCode(() -> InputChecks.driverMemory(plan, ONE_STEP, 6_996_880))
        .doesNotThrowAnyException();
  }

  private static SparkConf limit(String size) {
    return new SparkConf(false).set("spark.driver.maxResultSize", size);
  }

  private static RunPlan plan(String... assignments) {
    return RunPlan.of(
        JobConfigLoader.of(new Configuration())
            .load(ConfigRequest.defaults().withAssignments(assignments)));
  }
}
