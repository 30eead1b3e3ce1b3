package dev.featuremap.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class InputChecksTest {

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
  void needsRoomForTheStatesOfAllWorkers() {
    // 79,510 parameters and two moments of 4 bytes, from 4 workers: 3,816,480 bytes.
    RunPlan plan = plan("network=shallow", "train.workers=4", "train.optimizer.type=adam");

    assertThatCode(() -> InputChecks.resultSize(plan, limit("3816480"))).doesNotThrowAnyException();
    JobException failure =
        catchThrowableOfType(JobException.class, () -> InputChecks.resultSize(plan, limit("3m")));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage(
            "Cannot average 4 workers: their states take 4 MiB together, spark.driver.maxResultSize allows 3 MiB. Submit with --conf spark.driver.maxResultSize=6m and driver memory to match, or lower train.workers.");
  }

  @Test
  void takesAResultSizeOfZeroForNoLimit() {
    assertThatCode(() -> InputChecks.resultSize(plan("train.workers=65536"), limit("0")))
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
