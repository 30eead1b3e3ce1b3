package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.loss.LossTally;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import dev.featuremap.train.BatchExecutor;
import dev.featuremap.train.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of networks with forks and barriers, over mini-batches of several blocks. */
class JoinedNetworkTest {
  private static final float STEP = 0x1p-7f;
  private static final int IMAGES = 37;

  private final Shard shard = SyntheticDigits.shard(0, IMAGES, 8, 4, 7);

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A shortcut as it is, and one with layers.
        """
        { type = residual, layers = [
          { type = convolution, field = 3, padding = 1, feature-maps = 1 }, { type = tanh } ] }
        { type = residual, layers = [
          { type = convolution, field = 2, stride = 2, feature-maps = 3 }, { type = tanh } ],
          shortcut = [ { type = average-pool, window = 2 },
                       { type = convolution, field = 1, feature-maps = 3 } ] }
        """,
        // A residual that is all of another one's layers, and one behind the other.
        """
        { type = convolution, field = 3, feature-maps = 2 }
        { type = residual, layers = [ { type = residual, layers = [
          { type = convolution, field = 3, padding = 1, feature-maps = 2 }, { type = tanh } ] } ] }
        { type = residual, layers = [ { type = tanh } ] }
        """,
        // Batch normalization after each convolution, before and after the sum.
        """
        { type = convolution, field = 3, stride = 2, feature-maps = 3, bias = false }
        { type = batch-norm }
        { type = silu }
        { type = residual, layers = [
          { type = convolution, field = 3, padding = 1, feature-maps = 3, bias = false }
          { type = batch-norm } ], shortcut = [
          { type = convolution, field = 1, feature-maps = 3, bias = false }
          { type = batch-norm } ] }
        { type = gelu }
        { type = batch-norm }
        """,
        // Normalized images, whose gradient nobody needs, and a norm as the last layer.
        """
        { type = batch-norm }
        { type = residual, layers = [ { type = tanh }, { type = batch-norm } ] }
        { type = fully-connected, outputs = 4 }
        { type = batch-norm }
        { type = tanh }
        """,
        // Channels of three branches, one of them the input as it is, and again of the result.
        """
        { type = convolution, field = 3, stride = 2, feature-maps = 2 }
        { type = concat, branches = [
          [ { type = convolution, field = 1, feature-maps = 3 }, { type = tanh } ], [],
          [ { type = batch-norm }, { type = tanh } ] ] }
        { type = concat, branches = [ [], [
          { type = convolution, field = 1, feature-maps = 1 } ] ] }
        """,
        // A gate with a value for each channel, inside a residual; and one of the whole shape.
        """
        { type = convolution, field = 3, stride = 2, feature-maps = 3 }
        { type = residual, layers = [ { type = tanh }, { type = gate, layers = [
            { type = global-average-pool }, { type = fully-connected, outputs = 3 },
            { type = sigmoid } ] } ] }
        { type = gate, layers = [ { type = batch-norm }, { type = sigmoid } ] }
        """,
        // Activations by name: read from several places, twice by one join, and from the images.
        """
        { type = convolution, name = a, field = 3, padding = 1, feature-maps = 1 }
        { type = tanh, name = b }
        { type = add, name = c, inputs = [a, b] }
        { type = batch-norm, name = d, input = b }
        { type = sigmoid, name = e, input = d }
        { type = multiply, name = f, inputs = [e, e] }
        { type = multiply, name = i, inputs = [c, f] }
        { type = convolution, name = g, input = input, field = 3, padding = 1, feature-maps = 1 }
        { type = add, name = h, inputs = [g, g] }
        { type = concat, inputs = [i, input, h, a] }
        """
      })
  void agreesWithCentralDifferences(String layers) {
    Trial trial = new Trial(layers, Team.alone());
    float[] gradient = trial.gradient();

    for (int k = 0; k < trial.plan.parameters(); k += 1 + k / 40) {
      float original = trial.state[k];
      trial.state[k] = original + STEP;
      double above = trial.lossSum();
      trial.state[k] = original - STEP;
      double below = trial.lossSum();
      trial.state[k] = original;
      double difference = (above - below) / (2 * STEP);
      assertThat((double) gradient[k])
          .as("gradient of parameter %s", k)
          .isCloseTo(difference, within(2e-3 * (1 + Math.abs(difference))));
    }
  }

  /** Rectifiers have kinks that differences cannot cross; the bits tell the same. */
  @ParameterizedTest
  @ValueSource(strings = {"{ type = relu }", "{ type = flatten }, { type = relu }"})
  void rectifiesInTheSamePassWithoutChangingABit(String relu) {
    String norm = "{ type = fully-connected, outputs = 6 }, { type = batch-norm }, ";
    String residual = "{ type = residual, layers = [ %s ] }, ".formatted(norm);
    Trial fused =
        new Trial(norm + "{ type = relu }, " + residual + "{ type = relu }", Team.alone());
    Trial other = new Trial(norm + relu + ", " + residual + relu, Team.alone());

    assertThat(other.gradient()).isEqualTo(fused.gradient());
    assertThat(other.lossSum()).isEqualTo(fused.lossSum());
  }

  @Test
  void sendsAGradientThroughARectifiedBranchWithoutTouchingTheShortcuts() {
    String layers =
        """
        { type = fully-connected, outputs = 6 }
        { type = residual, layers = [
          { type = fully-connected, outputs = 6 }, { type = batch-norm }, %s ] }
        """;
    Trial fused = new Trial(layers.formatted("{ type = relu }"), Team.alone());
    Trial other = new Trial(layers.formatted("{ type = flatten }, { type = relu }"), Team.alone());

    assertThat(other.gradient()).isEqualTo(fused.gradient());
  }

  /** To predict, buffers serve several activations; in training each has its own. */
  @Test
  void predictsWhatTrainingSees() {
    String residual =
        "{ type = residual, layers = [ { type = convolution, field = 3, padding = 1,"
            + " feature-maps = 2 }, { type = relu }, %s ] }";
    String deep = residual.formatted(residual.formatted("{ type = tanh }"));
    Trial trial =
        new Trial(
            "{ type = convolution, field = 1, feature-maps = 2 }, %s, { type = relu }, %s"
                .formatted(deep, deep),
            Team.alone());
    LossTally tally = new LossTally();

    BatchExecutor.evaluating(trial.plan, KernelLookup.kernels(), IMAGES, Team.alone())
        .evaluate(trial.state, (number, scratch) -> trial.blocks[number], 3, tally);

    assertThat(tally.lossSum()).isEqualTo(trial.lossSum());
  }

  /** Buffers of what was joined serve others as soon as nobody reads them again. */
  @Test
  void predictsWhatTrainingSeesOfJoins() {
    Trial trial =
        new Trial(
            """
            { type = convolution, name = a, field = 1, feature-maps = 2 }
            { type = concat, branches = [ [ { type = relu } ], [], [ { type = tanh } ] ] }
            { type = gate, layers = [ { type = global-average-pool }, { type = sigmoid } ] }
            { type = convolution, name = b, field = 1, feature-maps = 2 }
            { type = relu, name = c }
            { type = multiply, inputs = [b, c] }
            { type = add, inputs = [multiply1, a] }
            """,
            Team.alone());
    LossTally tally = new LossTally();

    BatchExecutor.evaluating(trial.plan, KernelLookup.kernels(), IMAGES, Team.alone())
        .evaluate(trial.state, (number, scratch) -> trial.blocks[number], 3, tally);

    assertThat(tally.lossSum()).isEqualTo(trial.lossSum());
  }

  @Test
  void givesTheBitsOfOneThreadOnThree() {
    String layers =
        """
        { type = convolution, field = 3, feature-maps = 40 }
        { type = batch-norm }
        { type = relu }
        { type = fully-connected, outputs = 64 }
        { type = batch-norm }
        { type = concat, branches = [ [], [ { type = fully-connected, outputs = 8 } ] ] }
        { type = gate, layers = [ { type = tanh } ] }
        """;
    float[] alone = new Trial(layers, Team.alone()).gradient();
    try (Team team = new Team(3)) {
      assertThat(new Trial(layers, team).gradient()).isEqualTo(alone);
    }
  }

  /** A network with the layers given and 4 classes behind them, on a mini-batch of 3 blocks. */
  private final class Trial {
    final NetworkPlan plan;
    final float[] state;
    private final BatchExecutor executor;
    private final LaneBlock[] blocks = new LaneBlock[BatchExecutor.blocksOf(IMAGES)];

    Trial(String layers, Team team) {
      plan =
          Specs.plan(
              "input { shape = [1, 8, 8], mean = 0.3, deviation = 0.3 }, layers = [ %s, { type = fully-connected, outputs = 4 } ]"
                  .formatted(layers.strip()));
      state = plan.initialState(5, 0);
      executor =
          BatchExecutor.training(
              plan, Specs.training("batch-size = " + IMAGES), KernelLookup.kernels(), team);
      ImagePass images = shard.pass(EpochOrder.sequential(), 0, IMAGES);
      for (int k = 0; k < blocks.length; k++) {
        InputSpec input = plan.spec().input();
        int from = k * Lanes.COUNT;
        blocks[k] = new LaneBlock(input.shape(), input.normalization());
        blocks[k].load(images, from, Math.min(16, IMAGES - from));
      }
    }

    float[] gradient() {
      float[] gradient = new float[plan.parameters() + plan.buffers()];
      run(gradient);
      return gradient;
    }

    double lossSum() {
      return run(new float[plan.parameters() + plan.buffers()]);
    }

    private double run(float[] gradient) {
      LossTally tally = new LossTally();
      executor.gradient(1, 0, state, (number, scratch) -> blocks[number], 3, gradient, tally);
      return tally.lossSum();
    }
  }
}
