package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.FeatureShard;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.testing.Allocations;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training on features that are computed once gives the bits of training on images. */
class FeaturesTest {
  private static final int IMAGES = 101;
  private static final int EPOCHS = 2;

  private static final TrainingSpec TRAINING =
      Specs.training(
          "batch-size = 37, optimizer { type = adamw, weight-decay = 0.1 }, learning-rate = 0.01");

  private static final String PROBE =
      """
      input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
      layers = [
        { type = convolution, name = stem, field = 3, feature-maps = 8, padding = same }
        { type = batch-norm, name = bn }
        { type = relu }
        { type = global-average-pool }
        { type = dropout, name = drop, rate = 0.3 }
        { type = fully-connected, name = hidden, outputs = 20 }
        { type = batch-norm, name = norm }
        { type = fully-connected, name = fc, outputs = 10 }
      ]
      """;

  private final Shard shard = SyntheticDigits.shard(0, IMAGES, 12, 10, 1);

  /** The networks of the golden runs, which together have every layer. */
  static Stream<NetworkSpec> networks() throws IOException {
    return TrainingGoldenTest.runs().map(TrainingGoldenTest.Run::network);
  }

  /** With every layer in turn as the lowest that is trained. */
  @ParameterizedTest
  @MethodSource("networks")
  void giveTheBitsOfTrainingOnImages(NetworkSpec network) {
    int cuts = 0;
    for (NetworkPlan plan : frozenBelow(NetworkPlan.of(network))) {
      FeatureShard features = features(plan, KernelLookup.kernels());

      Trained onImages = trained(plan, shard, KernelLookup.kernels(), Team.alone());

      assertThat(trained(plan, features, KernelLookup.kernels(), Team.alone()))
          .as("%s layers below", plan.featureCut().orElseThrow().layers())
          .usingRecursiveComparison()
          .isEqualTo(onImages);
      cuts++;
    }
    assertThat(cuts).isPositive();
  }

  @Test
  void giveTheSameBitsOnOtherKernelsAndThreads() {
    NetworkPlan plan = probe();
    Trained expected = trained(plan, shard, KernelLookup.kernels(), Team.alone());

    Trained scalar =
        trained(plan, features(plan, new ScalarKernels()), new ScalarKernels(), Team.alone());
    assertThat(scalar).usingRecursiveComparison().isEqualTo(expected);
    try (Team team = new Team(3)) {
      Shard features = Features.of(plan, KernelLookup.kernels(), shard, team);
      assertThat(trained(plan, features, KernelLookup.kernels(), team))
          .usingRecursiveComparison()
          .isEqualTo(expected);
    }
  }

  @Test
  void computeTheFrozenPartOnceForEachImage() {
    NetworkPlan plan = probe();
    List<Integer> seen = new ArrayList<>();
    Shard counting = new CountingShard(shard, seen);

    FeatureShard features = Features.of(plan, KernelLookup.kernels(), counting, Team.alone());
    Set<Integer> once = new HashSet<>(seen);
    int finds = seen.size();
    trained(plan, features, KernelLookup.kernels(), Team.alone());

    assertThat(once).hasSize(IMAGES);
    assertThat(seen).hasSize(finds); // nothing has looked at an image since
    assertThat(plan.featureCut().orElseThrow().above().layers())
        .extracting(PlannedLayer::name)
        .containsExactly("drop", "hidden", "norm", "fc");
  }

  @Test
  void areLoadedWithoutAllocating() {
    FeatureShard features = features(probe(), KernelLookup.kernels());
    InputSpec input = probe().featureCut().orElseThrow().above().spec().input();
    LaneBlock block = new LaneBlock(input.shape(), input.normalization());
    ImagePass pass = features.pass(EpochOrder.sequential(), 0, IMAGES);

    assertThat(Allocations.leastOf(() -> block.load(pass, 96, 5))).isZero();
    assertThat(features.sha256()).isEqualTo(shard.sha256());
  }

  private static NetworkPlan probe() {
    return started(Specs.training("freeze = [stem, bn]").rules().over(Specs.plan(PROBE)));
  }

  /** A plan for each layer of which something below can be computed once. */
  private static List<NetworkPlan> frozenBelow(NetworkPlan whole) {
    List<NetworkPlan> plans = new ArrayList<>();
    Set<String> below = new HashSet<>();
    for (PlannedLayer layer : whole.layers()) {
      if (layer.parameters() > 0) {
        NetworkPlan plan = started(whole.freeze(Set.copyOf(below)::contains));
        plan.featureCut().ifPresent(cut -> plans.add(plan));
      }
      below.add(layer.name());
    }
    return plans;
  }

  /**
   * Frozen values of a seed, and statistics that are not those of a standard normal distribution.
   */
  private static NetworkPlan started(NetworkPlan plan) {
    float[] model = plan.whole().initialState(3, 0);
    for (int k = plan.whole().parameters(); k < model.length; k++) {
      model[k] += 0.1f + k % 7 / 10f;
    }
    plan.trainedPart(model);
    return plan;
  }

  private FeatureShard features(NetworkPlan plan, Kernels kernels) {
    return Features.of(plan, kernels, shard, Team.alone());
  }

  /** All that a worker and an evaluation return which time does not change. */
  private record Trained(int[] stateBits, double lossSum, long correct, Evaluation evaluation) {}

  private static Trained trained(NetworkPlan plan, Shard shard, Kernels kernels, Team team) {
    float[] frozen = plan.frozen().values().clone();
    float[] state = TRAINING.initialState(plan);
    System.arraycopy(frozen, 0, plan.frozen().values(), 0, frozen.length);
    Worker worker = new Worker(0, plan, TRAINING, kernels, shard, team);
    int steps = Round.stepsPerEpoch(IMAGES, TRAINING.batchSize());
    double lossSum = 0;
    long correct = 0;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      WorkerResult result = worker.run(state, Round.ofEpoch(epoch, steps, SyncRule.EPOCH).get(0));
      state = result.vector();
      lossSum += result.lossSum();
      correct += result.correct();
    }
    float[] model = TRAINING.layout(plan).model(state);
    return new Trained(
        bits(state), lossSum, correct, Evaluation.of(plan, kernels, model, shard, team));
  }

  private static int[] bits(float[] state) {
    int[] bits = new int[state.length];
    Arrays.setAll(bits, k -> Float.floatToRawIntBits(state[k]));
    return bits;
  }

  /** Notes which images are looked at. */
  private record CountingShard(Shard shard, List<Integer> seen) implements Shard {
    @Override
    public int size() {
      return shard.size();
    }

    @Override
    public String sha256() {
      return shard.sha256();
    }

    @Override
    public ImagePass pass(EpochOrder order, int from, int to) {
      ImagePass pass = shard.pass(order, from, to);
      return new ImagePass() {
        @Override
        public void advance(int first, int count) {
          pass.advance(first, count);
        }

        @Override
        public void find(int place, ImageView view) {
          seen.add(order.position(place));
          pass.find(place, view);
        }

        @Override
        public void close() {
          pass.close();
        }
      };
    }
  }
}
