package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import dev.featuremap.network.NetworkTable;
import dev.featuremap.network.TensorPlace;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.testing.Allocations;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is frozen stays, bit for bit, and the rest learns as if it did not know. */
class FrozenTrainingTest {
  private static final int IMAGES = 101;

  private static final String NETWORK =
      """
      input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }
      layers = [
        { type = convolution, name = stem, field = 3, feature-maps = 8, padding = same }
        { type = batch-norm, name = bn1 }
        { type = relu }
        { type = residual, name = body, layers = [
          { type = convolution, name = conv1, field = 3, feature-maps = 8, padding = same }
          { type = batch-norm, name = bn1 }
          { type = relu }
          { type = convolution, name = conv2, field = 3, feature-maps = 8, padding = same,
            groups = 4, bias = false }
          { type = batch-norm, name = bn2 } ] }
        { type = relu }
        { type = max-pool, window = 2 }
        { type = dropout, name = drop, rate = 0.3 }
        { type = fully-connected, name = hidden, outputs = 20 }
        { type = tanh }
        { type = fully-connected, name = fc, outputs = 10 }
      ]
      """;

  private final Shard shard = SyntheticDigits.shard(0, IMAGES, 12, 10, 1);
  private final NetworkPlan network = Specs.plan(NETWORK);

  @ParameterizedTest
  @ValueSource(strings = {"sgd, optimizer.momentum = 0.9", "adam", "adamw", "lars"})
  void leavesEveryBitOfWhatIsFrozen(String optimizer) {
    TrainingSpec training =
        Specs.training(
            "epochs = 2, freeze = [stem, bn1, \"body.*\"], ema-decay = 0.9, learning-rate = 0.05, optimizer.weight-decay = 0.1, optimizer.type = "
                + optimizer);
    float[] before = network.initialState(training.seed(), 0);
    LocalTrainer trainer = trainer(training, KernelLookup.kernels(), Team.alone());

    float[] state = trainer.train();

    NetworkPlan plan = trainer.plan();
    StateLayout layout = training.layout(plan);
    assertThat(state).hasSize(plan.parameters() * (1 + training.optimizer().slots()));
    float[] after = plan.wholeModel(layout.model(state));
    int at = 0;
    for (TensorPlace place : plan.tensorPlaces()) {
      int end = at + place.tensor().spec().size();
      boolean same = Arrays.equals(before, at, end, after, at, end);
      assertThat(same).as(place.tensor().name()).isEqualTo(place.frozen());
      at = end;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freeze = [stem, bn1]",
        "freeze = [\"*\", \"!fc\"]",
        "freeze = [\"body.*\", hidden], rates { \"fc.*\" = 10, stem = 0.1 }, no-decay = [fc]"
      })
  void givesTheSameBitsOnAllKernelsAndThreads(String rules) {
    TrainingSpec training =
        Specs.training(
            "epochs = 2, optimizer { type = adamw, weight-decay = 0.1 }, learning-rate = 0.01, "
                + rules);
    float[] alone = trainer(training, KernelLookup.kernels(), Team.alone()).train();

    assertThat(trainer(training, new ScalarKernels(), Team.alone()).train()).isEqualTo(alone);
    try (Team team = new Team(3)) {
      assertThat(trainer(training, KernelLookup.kernels(), team).train()).isEqualTo(alone);
    }
  }

  private LocalTrainer trainer(TrainingSpec training, Kernels kernels, Team team) {
    return new LocalTrainer(network, training, kernels, shard, team);
  }

  /** No norm is frozen here, so that the activations are the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[stem]",
        "[\"body.conv*\"]",
        "[stem, body.conv2, fc]",
        "[\"*\", \"!*bn*\", \"!drop\"]"
      })
  void givesTheGradientOfTheWholeNetworkToTheRest(String freeze) {
    float[] whole = gradient(network, new LossTally());
    NetworkPlan plan = Specs.training("freeze = " + freeze).rules().over(network);

    float[] part = gradient(plan, new LossTally());

    NetworkPlan scratch = plan.withFrozen(new float[plan.frozen().size()]);
    assertThat(part).isEqualTo(scratch.trainedPart(whole));
  }

  /** Frozen norms in between, alone and with the sum of a residual. Rectifiers have kinks. */
  @Test
  void agreesWithCentralDifferencesThroughFrozenLayers() {
    NetworkPlan plan = betweenTrained(NETWORK.replace("relu", "tanh").replace("max-", "average-"));
    float[] state = movedState(plan);
    float[] gradient = gradient(plan, state, new LossTally());

    for (int k = 0; k < plan.parameters(); k += 1 + k / 20) {
      float original = state[k];
      state[k] = original + 1e-3f;
      double above = lossSum(plan, state);
      state[k] = original - 1e-3f;
      double below = lossSum(plan, state);
      state[k] = original;
      double difference = (above - below) / 2e-3;
      assertThat((double) gradient[k])
          .as("gradient of parameter %s", k)
          .isCloseTo(difference, within(1e-2 * (1 + Math.abs(difference))));
    }
  }

  @Test
  void rectifiesInThePassOfAFrozenNormWithoutChangingABit() {
    NetworkPlan fused = betweenTrained(NETWORK);
    NetworkPlan other =
        betweenTrained(
            NETWORK.replace("{ type = relu }", "{ type = dropout, rate = 0 }, { type = relu }"));

    assertThat(gradient(other, movedState(other), new LossTally()))
        .isEqualTo(gradient(fused, movedState(fused), new LossTally()));
  }

  private static NetworkPlan betweenTrained(String layers) {
    return Specs.training("freeze = [bn1, body.bn1, \"body.conv*\", body.bn2, drop, hidden]")
        .rules()
        .over(Specs.plan(layers));
  }

  /** Parameters of a seed, and statistics that are not those of a standard normal distribution. */
  private static float[] movedState(NetworkPlan plan) {
    float[] model = plan.whole().initialState(3, 0);
    for (int k = plan.whole().parameters(); k < model.length; k++) {
      model[k] += 0.1f + k % 7 / 10f;
    }
    return plan.trainedPart(model);
  }

  @Test
  void aFrozenBodyIsNoBarrierAndKeepsNothing() {
    NetworkPlan body = Specs.training("freeze = [\"*\", \"!fc\"]").rules().over(network);

    assertThat(network.hasBarriers()).isTrue();
    assertThat(body.hasBarriers()).isFalse();
    // Two buffers and a shortcut's serve all maps; those of the head are kept.
    assertThat(body.activationBytes(1)).isLessThan(Float.BYTES * 16 * (3L * 1152 + 3 * 30));
    assertThat(network.activationBytes(1)).isGreaterThan(Float.BYTES * 16 * 8L * 1152);
  }

  @Test
  void evaluatesAsTheWholeNetwork() {
    TrainingSpec training = Specs.training("epochs = 1, freeze = [stem, bn1, \"body.*\"]");
    LocalTrainer trainer = trainer(training, KernelLookup.kernels(), Team.alone());
    float[] model = training.layout(trainer.plan()).model(trainer.train());

    Evaluation part =
        Evaluation.of(trainer.plan(), KernelLookup.kernels(), model, shard, Team.alone());
    Evaluation whole =
        Evaluation.of(
            network, KernelLookup.kernels(), trainer.plan().wholeModel(model), shard, Team.alone());

    assertThat(part.lossSum()).isEqualTo(whole.lossSum());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[stem, bn1]", "[\"*\", \"!fc\"]", "[body, hidden]"})
  void allocatesNothing(String freeze) {
    TrainingSpec training =
        Specs.training(
            "batch-size = 40, optimizer.type = adam, rates { fc = 10, \"*.bias\" = 2 }, freeze = "
                + freeze);
    NetworkPlan plan = training.rules().over(network);
    float[] state = training.initialState(plan);
    TrainingStep step = new TrainingStep(plan, training, new ScalarKernels(), Team.alone());
    Round round = new Round(0, 0, 0, 1, 1, false, false);
    LaneBlock[] blocks = blocks(40);
    BlockSource source = (k, scratch) -> blocks[k];
    LossTally tally = new LossTally();

    assertThat(Allocations.leastOf(() -> step.run(state, source, 40, round, 0, tally))).isZero();
  }

  @Test
  void theTableTellsWhatIsTrained() {
    NetworkPlan plan = Specs.training("freeze = [\"*\", \"!fc\"]").rules().over(network);

    assertThat(NetworkTable.of(plan).lines())
        .anyMatch(line -> line.matches("bn1 +batch-norm, frozen +\\[8, 12, 12] +16"))
        .anyMatch(line -> line.matches("fc +fully-connected 10 outputs +\\[10, 1, 1] +210"))
        .contains("6,846 parameters, 210 of them trained, loss softmax-cross-entropy");
  }

  private float[] gradient(NetworkPlan plan, LossTally tally) {
    return gradient(plan, plan.trainedPart(network.initialState(5, 0)), tally);
  }

  private double lossSum(NetworkPlan plan, float[] state) {
    LossTally tally = new LossTally();
    gradient(plan, state, tally);
    return tally.lossSum();
  }

  private float[] gradient(NetworkPlan plan, float[] state, LossTally tally) {
    float[] gradient = new float[plan.parameters() + plan.buffers()];
    LaneBlock[] blocks = blocks(48);
    BatchExecutor.training(
            plan, Specs.training("batch-size = 48"), KernelLookup.kernels(), Team.alone())
        .gradient(1, 0, state, (k, scratch) -> blocks[k], 3, gradient, tally);
    return gradient;
  }

  private LaneBlock[] blocks(int images) {
    ImagePass pass = shard.pass(EpochOrder.sequential(), 0, images);
    LaneBlock[] blocks = new LaneBlock[BatchExecutor.blocksOf(images)];
    for (int k = 0; k < blocks.length; k++) {
      int from = k * Lanes.COUNT;
      blocks[k] =
          new LaneBlock(network.spec().input().shape(), network.spec().input().normalization());
      blocks[k].load(pass, from, Math.min(Lanes.COUNT, images - from));
    }
    return blocks;
  }
}
