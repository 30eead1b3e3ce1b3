package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.BlockSource;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.testing.Allocations;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingStepTest {
  private static final String EVERY_LAYER =
      """
      input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
      layers = [
        { type = convolution, feature-maps = 16, field = 3, padding = same }
        { type = relu }
        { type = convolution, feature-maps = 16, field = 3, padding = same }
        { type = sigmoid }
        { type = max-pool, window = 2 }
        { type = convolution, feature-maps = 3, field = 3 }
        { type = tanh }
        { type = average-pool, window = 2, stride = 1 }
        { type = l2-pool, window = 2, stride = 1 }
        { type = flatten }
        { type = dropout, rate = 0.25 }
        { type = fully-connected, outputs = 10 }
      ]
      """;
  private static final int IMAGES = 150;

  private final NetworkPlan plan = Specs.plan(EVERY_LAYER);

  /** What {@code StrictMath.pow} of JDK 17 and 25 allocates: three arrays of two numbers. */
  private static final long BYTES_OF_A_POWER = 96;

  private final Round round = new Round(0, 0, 0, 1, 1, false, false);
  private final LaneBlock[] blocks = blocks();
  private final BlockSource source = (number, scratch) -> blocks[number];

  private LaneBlock[] blocks() {
    Shard shard = SyntheticDigits.shard(0, IMAGES, 12, 10, 1);
    ImagePass images = shard.pass(EpochOrder.sequential(), 0, IMAGES);
    LaneBlock[] loaded = new LaneBlock[BatchExecutor.blocksOf(IMAGES)];
    for (int k = 0; k < loaded.length; k++) {
      int from = k * Lanes.COUNT;
      loaded[k] = new LaneBlock(plan.spec().input().shape(), plan.spec().input().normalization());
      loaded[k].load(images, from, Math.min(Lanes.COUNT, IMAGES - from));
    }
    return loaded;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void givesTheBitsOfOneThreadOnSeveral(int threads) {
    LossTally aloneTally = new LossTally();
    float[] alone = train(KernelLookup.kernels(), 1, aloneTally);
    LossTally tally = new LossTally();

    assertThat(train(KernelLookup.kernels(), threads, tally)).isEqualTo(alone);
    assertThat(tally.lossSum()).isEqualTo(aloneTally.lossSum());
    assertThat(tally.images()).isEqualTo(3L * IMAGES);
  }

  private float[] train(Kernels kernels, int threads, LossTally tally) {
    TrainingSpec training = Specs.training("batch-size = " + IMAGES);
    float[] state = training.initialState(plan);
    try (Team team = new Team(threads)) {
      TrainingStep step = new TrainingStep(plan, training, kernels, team);
      for (int k = 0; k < 3; k++) {
        step.run(state, source, IMAGES, round, k, tally);
      }
    }
    return state;
  }

  /**
   * Vector kernels box their vectors until they are compiled, so the scalar ones stand for both.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd",
        "sgd, optimizer.momentum = 0.9, optimizer.weight-decay = 0.001",
        "adam",
        "adamw"
      })
  void allocatesNothing(String optimizer) {
    TrainingSpec training =
        Specs.training("batch-size = 40, clip-norm = 1, optimizer.type = " + optimizer);
    float[] state = training.initialState(plan);
    TrainingStep step = new TrainingStep(plan, training, new ScalarKernels(), Team.alone());
    LossTally tally = new LossTally();

    assertThat(Allocations.leastOf(() -> step.run(state, source, 40, round, 0, tally))).isZero();
  }

  /** At the first step the powers of the moments' decays are the decays. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "adamw"})
  void allocatesOnlyWhatTwoPowersOfALaterStepDo(String optimizer) {
    TrainingSpec training = Specs.training("batch-size = 40, optimizer.type = " + optimizer);
    float[] state = training.initialState(plan);
    TrainingStep step = new TrainingStep(plan, training, new ScalarKernels(), Team.alone());
    LossTally tally = new LossTally();

    assertThat(Allocations.leastOf(() -> step.run(state, source, 40, round, 6, tally)))
        .isLessThanOrEqualTo(2 * BYTES_OF_A_POWER);
  }

  @Test
  void allocatesNothingAcrossBarriers() {
    NetworkPlan barriers =
        Specs.plan(
            """
            input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
            layers = [
              { type = convolution, feature-maps = 4, field = 3, padding = same }
              { type = batch-norm }
              { type = relu }
              { type = max-pool, window = 3, stride = 2, padding = 1 }
              { type = residual, layers = [
                { type = convolution, feature-maps = 4, field = 3, padding = same, groups = 2 }
                { type = batch-norm } ] }
              { type = relu }
              { type = global-average-pool }
              { type = fully-connected, outputs = 10 }
            ]
            """);
    TrainingSpec training = Specs.training("batch-size = 40");
    float[] state = training.initialState(barriers);
    TrainingStep step = new TrainingStep(barriers, training, new ScalarKernels(), Team.alone());
    LossTally tally = new LossTally();

    assertThat(Allocations.leastOf(() -> step.run(state, source, 40, round, 0, tally))).isZero();
  }

  @Test
  void takesASmallerBatchThanItWasMadeFor() {
    TrainingSpec training = Specs.training("batch-size = 150");
    float[] state = training.initialState(plan);
    LossTally large = new LossTally();
    LossTally small = new LossTally();
    TrainingStep step = new TrainingStep(plan, training, KernelLookup.kernels(), Team.alone());
    step.gradient(state, source, IMAGES, 0, large);

    float[] gradient = step.gradient(state, source, 16, 0, small).clone();

    TrainingStep fresh =
        new TrainingStep(
            plan, Specs.training("batch-size = 16"), KernelLookup.kernels(), Team.alone());
    assertThat(gradient).isEqualTo(fresh.gradient(state, source, 16, 0, new LossTally()));
    assertThat(small.images()).isEqualTo(16);
  }
}
