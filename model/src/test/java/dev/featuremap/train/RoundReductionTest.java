package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.testing.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundReductionTest {
  private static final Round AVERAGING = new Round(0, 0, 0, 2, 2, false, false);
  private static final Round SHARING = new Round(0, 0, 0, 1, 2, true, false);
  private static final StateLayout TWO = new StateLayout(2, 0, List.of());

  private final TrainingSpec training = Specs.training("learning-rate = 0.5");

  @Test
  void weighsWorkersByTheirImages() {
    float[] state = {9, 9};

    float[] next = next(state, AVERAGING, result(0, 3, 1, 10), result(1, 1, 5, -10));

    assertThat(next).containsExactly(2f, 5f); // (3 · 1 + 1 · 5) / 4, (3 · 10 - 10) / 4
    assertThat(state).containsExactly(9f, 9f);
  }

  @Test
  void leavesOutAWorkerWithoutImages() {
    float[] next = next(new float[2], AVERAGING, result(0, 3, 1, 10), result(1, 0, 7, 7));

    assertThat(next).containsExactly(1f, 10f);
  }

  @Test
  void givesOneWorkersStateBackBitForBit() {
    float[] state = {
      -0f, 0f, Float.MIN_VALUE, -Float.MAX_VALUE, 0.1f, 1 / 3f, Float.NEGATIVE_INFINITY, Float.NaN
    };

    float[] next = next(new float[state.length], AVERAGING, result(0, 3, state));

    assertThat(next).isEqualTo(state);
  }

  @Test
  void keepsWhatAllWorkersAgreeOn() {
    float[] state = {0.1f, -1 / 3f};

    float[] next =
        next(
            new float[2], AVERAGING, result(0, 7, state), result(1, 5, state), result(2, 5, state));

    assertThat(next).isEqualTo(state);
  }

  @Test
  void emptiesTheSlotsOfAnOptimizerThatRestarts() {
    Round restarting = new Round(0, 0, 0, 2, 2, false, true);
    StateLayout oneSlot = new StateLayout(2, 1, List.of());
    List<WorkerResult> results = List.of(result(0, 1, 1, 2, 3, 4), result(1, 1, 3, 4, 5, 6));

    float[] next = RoundReduction.nextState(training, oneSlot, new float[4], results, restarting);

    assertThat(next).containsExactly(2f, 3f, 0f, 0f);
  }

  @Test
  void updatesOnceWithTheMeanOfAllGradients() {
    float[] state = {1, 2};

    float[] next = next(state, SHARING, result(0, 3, 4, 1), result(1, 1, 4, -9));

    assertThat(next).containsExactly(0f, 3f); // 1 - 0.5 · 8 / 4, 2 + 0.5 · 8 / 4
    assertThat(state).containsExactly(1f, 2f);
  }

  @Test
  void addsInDoubleSoThatSmallGradientsSurviveLargeOnes() {
    float[] next =
        next(
            new float[2],
            SHARING,
            result(0, 1, 1e8f, 0),
            result(1, 1, 1, 0),
            result(2, 2, -1e8f, 0));

    assertThat(next[0]).isEqualTo(-0.125f); // 0.5 · 1 / 4
  }

  @Test
  void measuresDriftAsTheMeanDistanceFromTheAverage() {
    List<WorkerResult> results = List.of(result(0, 1, 3, 4), result(1, 1, 0, 0));

    assertThat(RoundReduction.drift(TWO, new float[] {0, 0}, results, AVERAGING))
        .isCloseTo(2.5, within(1e-15)); // (5 + 0) / 2
  }

  @Test
  void leavesOptimizerSlotsOutOfTheDrift() {
    StateLayout oneSlot = new StateLayout(1, 1, List.of());
    List<WorkerResult> results = List.of(result(0, 1, 3, 4));

    assertThat(RoundReduction.drift(oneSlot, new float[] {0, 0}, results, AVERAGING)).isEqualTo(3);
  }

  @Test
  void seesNoDriftInGradients() {
    List<WorkerResult> results = List.of(result(0, 1, 3, 4));

    assertThat(RoundReduction.drift(TWO, new float[] {0, 0}, results, SHARING)).isZero();
  }

  @Test
  void countsTheImagesOfAllWorkers() {
    assertThat(RoundReduction.images(List.of(result(0, 3), result(1, 4)))).isEqualTo(7);
  }

  private float[] next(float[] state, Round round, WorkerResult... results) {
    StateLayout layout = new StateLayout(state.length, 0, List.of());
    return RoundReduction.nextState(training, layout, state, List.of(results), round);
  }

  private static WorkerResult result(int worker, long images, float... vector) {
    return new WorkerResult(worker, vector, images, 0, 0, "scalar", "");
  }

  @Test
  void averagesBuffersWithTheStateAndKeepsThemWhenTheOptimizerRestarts() {
    Round restarting = new Round(0, 0, 0, 2, 2, false, true);
    StateLayout layout = new StateLayout(1, 1, 2, List.of());
    List<WorkerResult> results = List.of(result(0, 3, 1, 9, 4, 8), result(1, 1, 5, 9, 8, 0));

    float[] next = RoundReduction.nextState(training, layout, new float[4], results, restarting);

    assertThat(next).containsExactly(2f, 0f, 5f, 6f); // (3 · 4 + 8) / 4, 3 · 8 / 4
  }

  @Test
  void averagesTheBuffersBehindSharedGradients() {
    StateLayout layout = new StateLayout(1, 1, 1, List.of());
    List<WorkerResult> results =
        List.of(result(0, 3, 4, 4), result(1, 1, 4, 8), result(2, 0, 0, 9));
    TrainingSpec momentum = Specs.training("learning-rate = 0.5, optimizer.momentum = 0.5");

    float[] next =
        RoundReduction.nextState(momentum, layout, new float[] {1, 2, 7}, results, SHARING);

    assertThat(next).containsExactly(-0.5f, 3f, 5f); // v = 0.5 · 2 + 8 / 4, p = 1 - 0.5 · v
  }
}
