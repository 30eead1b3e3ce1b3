package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.loss.LossTally;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  private static final String SMOOTH =
      """
      input { shape = [1, 8, 8], mean = 0.3, deviation = 0.3 }
      layers = [
        { type = convolution, field = [2, 3], feature-maps = 3 }
        { type = l2-pool, window = 2, stride = 1 }
        { type = sigmoid }
        { type = average-pool, window = 2 }
        { type = tanh }
        { type = fully-connected, outputs = 4 }
      ]
      """;
  private static final float STEP = 0x1p-7f;

  private final Shard shard = SyntheticDigits.shard(0, 16, 8, 4, 7);

  @ParameterizedTest
  @ValueSource(strings = {"softmax-cross-entropy", "sigmoid-cross-entropy"})
  void agreesWithCentralDifferences(String loss) {
    Trial trial = new Trial("loss = " + loss + "\n" + SMOOTH);
    LaneBlock block = trial.block(0, 16);
    float[] gradient = trial.gradient(block);

    for (int k = 0; k < gradient.length; k++) {
      float original = trial.parameters[k];
      trial.parameters[k] = original + STEP;
      double above = trial.lossSum(block);
      trial.parameters[k] = original - STEP;
      double below = trial.lossSum(block);
      trial.parameters[k] = original;
      double difference = (above - below) / (2 * STEP);
      assertThat((double) gradient[k])
          .as("gradient of parameter %d", k)
          .isCloseTo(difference, within(1e-3 * (1 + Math.abs(difference))));
    }
  }

  @Test
  void addsTheSameForAPaddedBlockAsForItsImagesAlone() {
    Trial trial = new Trial(SMOOTH);

    float[] together = trial.gradient(trial.block(0, 5));
    float[] oneByOne = new float[together.length];
    for (int image = 0; image < 5; image++) {
      trial.addGradient(trial.block(image, 1), oneByOne);
    }

    for (int k = 0; k < together.length; k++) {
      assertThat(together[k]).isCloseTo(oneByOne[k], within(1e-5f));
    }
  }

  @Test
  void forgetsTheImagesThatPaddedLanesHeldBefore() {
    Trial trial = new Trial(SMOOTH);
    LaneBlock block = trial.block(0, 16);
    float[] fresh = trial.gradient(trial.block(3, 5));

    trial.gradient(block);
    block.load(shard, EpochOrder.sequential(), 3, 5);

    assertThat(trial.gradient(block)).isEqualTo(fresh);
  }

  @Test
  void countsOnlyTheImagesOfAPaddedBlock() {
    Trial trial = new Trial(SMOOTH);
    LossTally tally = new LossTally();

    trial.network.evaluate(BlockPass.evaluation(), trial.parameters, trial.block(0, 5), tally);

    assertThat(tally.images()).isEqualTo(5);
  }

  @Test
  void addsToTheGradientItIsGiven() {
    Trial trial = new Trial(SMOOTH);
    float[] once = trial.gradient(trial.block(0, 16));
    float[] twice = once.clone();

    trial.addGradient(trial.block(0, 16), twice);

    for (int k = 0; k < once.length; k++) {
      assertThat(twice[k]).isCloseTo(2 * once[k], within(1e-4f));
    }
  }

  @Test
  void dropsNothingInEvaluation() {
    String layers = "layers = [ %s { type = fully-connected, name = last, outputs = 4 } ]";
    String input = "input { shape = [1, 8, 8] }, ";
    Trial plain = new Trial(input + layers.formatted(""));
    Trial dropping = new Trial(input + layers.formatted("{ type = dropout, rate = 0.5 },"));
    LaneBlock block = plain.block(0, 16);
    float[] expected =
        plain.network.forward(BlockPass.evaluation(), plain.parameters, block).clone();

    float[] evaluating =
        dropping.network.forward(BlockPass.evaluation(), plain.parameters, block).clone();
    float[] training =
        dropping.network.forward(BlockPass.training(1, 0), plain.parameters, block).clone();

    assertThat(evaluating).isEqualTo(expected);
    assertThat(training).isNotEqualTo(expected);
  }

  /** A network with its parameters. */
  private final class Trial {
    final NetworkPlan plan;
    final Network network;
    final float[] parameters;

    Trial(String hocon) {
      plan = Specs.plan(hocon);
      network = new Network(plan, KernelLookup.kernels());
      parameters = plan.initialParameters(5);
    }

    LaneBlock block(int from, int count) {
      InputSpec input = plan.network().input();
      LaneBlock block = new LaneBlock(input.shape(), input.normalization());
      block.load(shard, EpochOrder.sequential(), from, count);
      return block;
    }

    double lossSum(LaneBlock block) {
      LossTally tally = new LossTally();
      network.evaluate(BlockPass.evaluation(), parameters, block, tally);
      return tally.lossSum();
    }

    float[] gradient(LaneBlock block) {
      float[] gradient = new float[plan.parameters()];
      addGradient(block, gradient);
      return gradient;
    }

    void addGradient(LaneBlock block, float[] gradient) {
      network.addGradient(BlockPass.training(1, 0), parameters, block, gradient, new LossTally());
    }
  }
}
