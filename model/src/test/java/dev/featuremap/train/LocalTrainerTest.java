package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LocalTrainerTest {
  private final NetworkPlan plan =
      Specs.plan(
          """
          input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
          layers = [
            { type = convolution, field = 3, feature-maps = 4 }
            { type = relu }
            { type = max-pool, window = 2 }
            { type = dropout, rate = 0.2 }
            { type = fully-connected, outputs = 10 }
          ]
          """);
  private final Shard images = SyntheticDigits.shard(0, 600, 12, 10, 1);
  private final Shard unseen = SyntheticDigits.shard(600, 300, 12, 10, 1);

  @Test
  void learnsToTellDigitsApart() {
    TrainingSpec training = training(1);

    float[] state = train(1, KernelLookup.kernels());

    float[] untrained = training.initialState(plan);
    assertThat(accuracy(untrained)).isLessThan(0.3);
    assertThat(accuracy(state)).isGreaterThan(0.97);
  }

  @Test
  void givesTheSameBitsForTheSameSeed() {
    assertThat(train(1, KernelLookup.kernels())).isEqualTo(train(1, KernelLookup.kernels()));
  }

  @Test
  void givesOtherBitsForAnotherSeed() {
    assertThat(train(2, KernelLookup.kernels())).isNotEqualTo(train(1, KernelLookup.kernels()));
  }

  @Test
  void givesTheSameBitsOnScalarKernels() {
    assertThat(train(1, new ScalarKernels())).isEqualTo(train(1, KernelLookup.kernels()));
  }

  @Test
  void startsFromInitialParametersAndEmptySlots() {
    float[] state = training(7).initialState(plan);
    int parameters = plan.parameters();

    assertThat(state).hasSize(2 * parameters); // one slot for the momentum
    assertThat(Arrays.copyOf(state, parameters)).isEqualTo(plan.initialParameters(7));
    assertThat(Arrays.copyOfRange(state, parameters, state.length)).containsOnly(0f);
  }

  @Test
  void trainsEpochByEpochToTheSameState() {
    LocalTrainer trainer =
        new LocalTrainer(plan, training(1), KernelLookup.kernels(), images, Team.alone());

    float[] state = training(1).initialState(plan);
    for (int epoch = 0; epoch < 4; epoch++) {
      WorkerResult result = trainer.trainEpoch(state, epoch);
      assertThat(result.images()).isEqualTo(600);
      state = result.vector();
    }

    assertThat(state).isEqualTo(trainer.train());
  }

  private float[] train(long seed, Kernels kernels) {
    return new LocalTrainer(plan, training(seed), kernels, images, Team.alone()).train();
  }

  private double accuracy(float[] state) {
    return Evaluation.of(plan, KernelLookup.kernels(), state, unseen, Team.alone()).accuracy();
  }

  private static TrainingSpec training(long seed) {
    return Specs.training(
        "epochs = 4, batch-size = 20, learning-rate = 0.05, optimizer.momentum = 0.9, seed = "
            + seed);
  }
}
