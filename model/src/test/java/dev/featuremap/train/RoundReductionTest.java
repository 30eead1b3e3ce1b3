package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.testing.Specs;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundReductionTest {
  private static final Round AVERAGING = new Round(0, 0, 0, 2, 2, false, false);
  private static final Round SHARING = new Round(0, 0, 0, 1, 2, true, false);
  private static final StateLayout ONE = new StateLayout(1, 0, 0, List.of());
  private static final StateLayout TWO = new StateLayout(2, 0, 0, List.of());

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
    StateLayout oneSlot = new StateLayout(2, 1, 0, List.of());
    TrainingSpec momentum = Specs.training("optimizer.momentum = 0.9");

    float[] next =
        next(
            momentum,
            oneSlot,
            new float[4],
            restarting,
            result(0, 1, 1, 2, 3, 4),
            result(1, 1, 3, 4, 5, 6));

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
  void measuresDriftAgainstTheWayOfTheAverage() {
    float[] start = {1, 1};

    // Ways (3, 4) and (3, -4): the average goes 3, each worker is 4 away from it.
    assertThat(drift(TWO, start, AVERAGING, result(0, 5, 4, 5), result(1, 5, 4, -3)))
        .isCloseTo(4 / 3.0, within(1e-15));
  }

  @Test
  void weighsDriftByImages() {
    // Ways 4 and 0 with 3 and 1 images: the average goes 3; √((3 · 1² + 1 · 3²) / 4) = √3.
    assertThat(drift(ONE, new float[1], AVERAGING, result(0, 3, 4), result(1, 1, 0)))
        .isCloseTo(Math.sqrt(3) / 3, within(1e-15));
  }

  @Test
  void seesUnrelatedWaysOfEqualLengthAsTheRootOfTheOtherWorkers() {
    assertThat(drift(TWO, new float[2], AVERAGING, result(0, 1, 2, 0), result(1, 1, 0, 2)))
        .isCloseTo(1, within(1e-15)); // √(2 - 1)
  }

  @Test
  void seesNoDriftWhereWorkersAgreeAndWhereNothingMoved() {
    float[] state = {0.1f, -1 / 3f};

    assertThat(drift(TWO, new float[2], AVERAGING, result(0, 7, state), result(1, 5, state)))
        .isLessThan(1e-7);
    assertThat(drift(TWO, state, AVERAGING, result(0, 7, state), result(1, 5, state))).isZero();
    assertThat(drift(TWO, new float[2], AVERAGING, result(0, 7, state))).isZero();
  }

  @Test
  void leavesOptimizerSlotsOutOfTheDrift() {
    StateLayout oneSlot = new StateLayout(1, 1, 0, List.of());

    assertThat(drift(oneSlot, new float[2], AVERAGING, result(0, 1, 3, 4), result(1, 1, 3, 40)))
        .isZero();
  }

  @Test
  void seesNoDriftInGradients() {
    assertThat(drift(ONE, new float[1], SHARING, result(0, 1, 3), result(1, 1, 9))).isZero();
  }

  @Test
  void appliesOuterMomentumToAveragesAlone() {
    OuterMomentum half = new OuterMomentum(OuterMomentum.Type.NESTEROV, 0, 0.5);
    RoundReduction reduction = new RoundReduction(training, ONE, half);
    float[] state = {8};

    assertThat(next(reduction, 1, state, AVERAGING, result(0, 1, 4)).state()).containsExactly(6f);
    assertThat(next(reduction, 1, state, AVERAGING, result(0, 1, 4)).memory()).containsExactly(4f);
    assertThat(next(reduction, 1, state, SHARING, result(0, 1, 4)).state())
        .containsExactly(6f); // 8 - 0.5 · 4, training's own rate
    assertThat(next(reduction, 1, state, SHARING, result(0, 1, 4)).memory()).containsExactly(0f);
  }

  @Test
  void givesTheSameBitsSliceBySlice() {
    int size = 3 * Slices.SHORTEST + 6;
    float[] start = random(size, 0);
    List<WorkerResult> results =
        List.of(
            result(0, 3, random(size, 1)),
            result(1, 4, random(size, 2)),
            result(2, 1, random(size, 3)),
            result(3, 9, random(size, 4)));
    Slices slices = Slices.of(size, results.size());
    JoinedVector scattered = new JoinedVector(slices);

    for (int slice = slices.count() - 1; slice >= 0; slice--) {
      SliceSum sum = new SliceSum(AVERAGING, start, size / 2, 17, slices, slice);
      for (WorkerResult result : results) {
        float[] part = Arrays.copyOfRange(result.vector(), slices.from(slice), slices.to(slice));
        sum.add(result.with(part), 0);
      }
      scattered.put(sum.joined());
    }

    JoinedVector whole = JoinedVector.of(AVERAGING, start, size / 2, results);
    assertThat(slices.count()).isEqualTo(4);
    assertThat(scattered.values()).isEqualTo(whole.values());
    assertThat(scattered.drift()).isEqualTo(whole.drift()).isBetween(0.5, 4.0);
  }

  @Test
  void countsTheImagesOfAllWorkers() {
    assertThat(RoundReduction.images(List.of(result(0, 3), result(1, 4)))).isEqualTo(7);
  }

  private float[] next(float[] state, Round round, WorkerResult... results) {
    return next(training, new StateLayout(state.length, 0, 0, List.of()), state, round, results);
  }

  private static float[] next(
      TrainingSpec training,
      StateLayout layout,
      float[] state,
      Round round,
      WorkerResult... results) {
    RoundReduction reduction = new RoundReduction(training, layout, OuterMomentum.NONE);
    return next(reduction, layout.parameters(), state, round, results).state();
  }

  private static OuterState next(
      RoundReduction reduction,
      int parameters,
      float[] state,
      Round round,
      WorkerResult... results) {
    List<WorkerResult> all = List.of(results);
    JoinedVector joined = JoinedVector.of(round, state, parameters, all);
    return reduction.nextState(state, new float[1], joined, RoundReduction.images(all), round);
  }

  private static double drift(
      StateLayout layout, float[] start, Round round, WorkerResult... results) {
    return JoinedVector.of(round, start, layout.parameters(), List.of(results)).drift();
  }

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static WorkerResult result(int worker, long images, float... vector) {
    return new WorkerResult(worker, vector, images, 0, 0, "scalar", "", WorkTime.NONE);
  }

  @Test
  void averagesBuffersWithTheStateAndKeepsThemWhenTheOptimizerRestarts() {
    Round restarting = new Round(0, 0, 0, 2, 2, false, true);
    StateLayout layout = new StateLayout(1, 1, 2, List.of());
    TrainingSpec momentum = Specs.training("optimizer.momentum = 0.9");

    float[] next =
        next(
            momentum,
            layout,
            new float[4],
            restarting,
            result(0, 3, 1, 9, 4, 8),
            result(1, 1, 5, 9, 8, 0));

    assertThat(next).containsExactly(2f, 0f, 5f, 6f); // (3 · 4 + 8) / 4, 3 · 8 / 4
  }

  @Test
  void averagesTheBuffersBehindSharedGradients() {
    StateLayout layout = new StateLayout(1, 1, 1, List.of());
    TrainingSpec momentum = Specs.training("learning-rate = 0.5, optimizer.momentum = 0.5");

    float[] next =
        next(
            momentum,
            layout,
            new float[] {1, 2, 7},
            SHARING,
            result(0, 3, 4, 4),
            result(1, 1, 4, 8),
            result(2, 0, 0, 9));

    assertThat(next).containsExactly(-0.5f, 3f, 5f); // v = 0.5 · 2 + 8 / 4, p = 1 - 0.5 · v
  }
}
