package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.cluster.JobContext;
import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.config.Limits;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.training.rounds.EpochTally;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.train.OuterState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunStopTest {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final RunId RUN = RunId.of("nightly");

  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  private long minutes;

  @Test
  void letsARunWithoutALimitGoOn() {
    try (RunStop stop = watch(Optional.empty())) {
      assertThat(stop.beforeJob()).isEmpty();
      minutes = 1_000_000;
      assertThat(stop.beforeJob()).isEmpty();
      assertThat(stop.cancelled()).isEmpty();
      assertThat(stop.exception(RUN)).isEmpty();
    }
  }

  @Test
  void endsWhereAJobAsLongAsTheLongestWouldNotFit() {
    try (RunStop stop = watch(Optional.of(Duration.ofMinutes(60)))) {
      minutes = 10;
      assertThat(stop.beforeJob()).isEmpty();
      minutes = 30;
      assertThat(stop.beforeJob()).isEmpty();
      minutes = 40;
      assertThat(stop.beforeJob()).isEmpty();
      minutes = 41;
      assertThat(stop.beforeJob()).contains(RunStop.Cause.TIME);
    }
  }

  @Test
  void cancelsAJobThatRunsWhenTheTimeIsUp() {
    try (RunStop stop = watch(Optional.of(Duration.ofMillis(300)))) {
      stop.cancelsJobsOf(JobContext.own(SPARK.context()));
      assertThatThrownBy(
              () ->
                  SPARK
                      .context()
                      .parallelize(List.of(1), 1)
                      .foreach(any -> TimeUnit.MINUTES.sleep(5)))
          .hasMessageContaining("cancel")
          .matches(SparkJob::wasCancelled);
      assertThat(stop.cancelled()).contains(RunStop.Cause.TIME);
      assertThat(stop.exception(RUN).orElseThrow().exitCode()).isEqualTo(ExitCode.OUT_OF_TIME);
      assertThat(stop.exception(RUN).orElseThrow())
          .hasMessage(
              "Cannot finish run nightly in limits.max-minutes = 0.005. No round was done in this start. Started again under its run id, it goes on.");
    }
  }

  @Test
  void saysUpToWhereARunIsSaved() {
    try (RunStop stop = watch(Optional.of(Duration.ofSeconds(90)))) {
      assertEnds(
          stop.exception(RunStop.Cause.TIME, RUN, progress(3, 0), true),
          ExitCode.OUT_OF_TIME,
          "Cannot finish run nightly in limits.max-minutes = 1.5. It is saved as of epoch 3. Started again under its run id, it goes on.");
      assertEnds(
          stop.exception(RunStop.Cause.TIME, RUN, progress(3, 4), false),
          ExitCode.OUT_OF_TIME,
          "Cannot finish run nightly in limits.max-minutes = 1.5. It is saved as of epoch 3 and 4 rounds of the next. No round was done in that time: give it more, or shorter rounds by sync.every. Started again under its run id, it goes on.");
      assertEnds(
          stop.exception(RunStop.Cause.SIGNAL, RUN, progress(0, 7), false),
          ExitCode.KILLED,
          "Cannot finish run nightly now: its process was told to end, by a signal or by Spark. It is saved as of epoch 0 and 7 rounds of the next. Started again under its run id, it goes on.");
    }
  }

  @Test
  void leavesNoHookBehind() {
    RunStop stop = watch(Optional.empty());
    Runnable hook = stop.hook();
    assertThat(ShutdownHookManager.get().hasShutdownHook(hook)).isTrue();

    stop.close();

    assertThat(ShutdownHookManager.get().hasShutdownHook(hook)).isFalse();
  }

  private static void assertEnds(JobException end, ExitCode code, String message) {
    assertThat(end.exitCode()).isEqualTo(code);
    assertThat(end).hasMessage(message);
  }

  private RunStop watch(Optional<Duration> time) {
    return RunStop.watch(new Limits(time, GRACE), () -> TimeUnit.MINUTES.toNanos(minutes));
  }

  private static TrainingProgress progress(int epoch, int nextRound) {
    OuterState outer = new OuterState(new float[0], new float[0]);
    return new TrainingProgress(epoch, nextRound, 9, outer, EpochTally.EMPTY, List.of());
  }
}
