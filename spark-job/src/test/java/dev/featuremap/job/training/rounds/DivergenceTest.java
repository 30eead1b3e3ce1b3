package dev.featuremap.job.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static final Round ROUND = Round.ofEpoch(1, 4, new SyncRule(2)).get(1);

  private static final StateLayout LAYOUT = new StateLayout(1, 1, 1, List.of());

  @Test
  void goesOnWithFiniteValues() {
    Divergence.checkState(new float[] {1, -2, Float.MAX_VALUE}, LAYOUT, ROUND);
  }

  @Test
  void stopsAtAnOptimizerThatOverflowed() {
    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () ->
                Divergence.checkState(new float[] {1, Float.POSITIVE_INFINITY, 2}, LAYOUT, ROUND));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    assertThat(failure)
        .hasMessage(
            "Cannot go on training: all values of the optimizer must be finite after epoch 2, round 2, got Infinity. Lower train.learning-rate or set train.clip-norm; checkpoints published before stay.");
  }

  @Test
  void stopsAtRunningStatisticsThatOverflowed() {
    JobException failure =
        catchThrowableOfType(
            JobException.class,
            () -> Divergence.checkState(new float[] {1, 2, Float.NaN}, LAYOUT, ROUND));

    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot go on training: all running statistics must be finite after epoch 2, round 2, got NaN.");
  }
}
