package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.loss.LossFunction;
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
          .as("gradient of parameter %s", k)
          .isCloseTo(difference, within(1e-3 * (1 + Math.abs(difference))));
    }
  }

  @Test
  void addsTheSameForAPaddedBlockAsForItsImagesAlone() {
    Trial trial = new Trial(SMOOTH);

    float[] together = trial.gradient(trial.block(0, 5));
    float[] oneByOne = new float[together.length];
    for (int image = 0; image < 5; image++) {
      float[] single = trial.gradient(trial.block(image, 1));
      for (int k = 0; k < single.length; k++) {
        oneByOne[k] += single[k];
      }
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
    block.load(shard.pass(EpochOrder.sequential(), 3, 8), 3, 5);

    assertThat(trial.gradient(block)).isEqualTo(fresh);
  }

  @Test
  void countsOnlyTheImagesOfAPaddedBlock() {
    Trial trial = new Trial(SMOOTH);

    LossTally tally = trial.evaluate(trial.block(0, 5));

    assertThat(tally.images()).isEqualTo(5);
  }

  @Test
  void learnsTheSameWithRectifiersBeforeOrAfterMaxPooling() {
    String network =
        """
        input { shape = [1, 8, 8], mean = 0.3, deviation = 0.3 }
        layers = [
          { type = convolution, field = 3, feature-maps = 3 }
          { type = %s }
          { type = %s }
          { type = fully-connected, outputs = 4 }
        ]
        """;
    Trial before = new Trial(network.formatted("relu", "max-pool"));
    Trial after = new Trial(network.formatted("max-pool", "relu"));
    LaneBlock block = before.block(0, 16);

    assertThat(before.logits(block, true)).isEqualTo(after.logits(block, true));
    assertThat(before.gradient(block)).isEqualTo(after.gradient(block));
  }

  @Test
  void asksNoGradientOfTheLayersBelowTheFirstThatLearns() {
    String layers = "layers = [ %s { type = fully-connected, name = last, outputs = 4 } ]";
    String input = "input { shape = [1, 8, 8] }, ";
    Trial plain = new Trial(input + layers.formatted(""));
    Trial below =
        new Trial(input + layers.formatted("{ type = flatten }, { type = dropout, rate = 0 },"));
    LaneBlock block = plain.block(0, 16);

    assertThat(below.gradient(block)).isEqualTo(plain.gradient(block));
  }

  @Test
  void dropsNothingInEvaluation() {
    String layers = "layers = [ %s { type = fully-connected, name = last, outputs = 4 } ]";
    String input = "input { shape = [1, 8, 8] }, ";
    Trial plain = new Trial(input + layers.formatted(""));
    Trial dropping = new Trial(input + layers.formatted("{ type = dropout, rate = 0.5 },"));
    LaneBlock block = plain.block(0, 16);
    float[] expected = plain.logits(block, false);

    assertThat(dropping.logits(block, false)).isEqualTo(expected);
    assertThat(dropping.logits(block, true)).isNotEqualTo(expected);
  }

  /** A network with its parameters, and mini-batches of one block. */
  private final class Trial {
    final NetworkPlan plan;
    final Network network;
    final LossFunction loss;
    final float[] parameters;
    final BlockGroup group = new BlockGroup(1);

    Trial(String hocon) {
      plan = Specs.plan(hocon);
      network = new Network(plan, KernelLookup.kernels(), 1, 1);
      loss = plan.spec().loss().over(plan.classes(), KernelLookup.kernels());
      parameters = plan.initialParameters(5);
      group.resize(1, 1);
    }

    LaneBlock block(int from, int count) {
      InputSpec input = plan.spec().input();
      LaneBlock block = new LaneBlock(input.shape(), input.normalization());
      block.load(shard.pass(EpochOrder.sequential(), from, from + count), from, count);
      return block;
    }

    float[] logits(LaneBlock block, boolean training) {
      BlockPass pass = training ? group.pass(0).train(1, 0) : group.pass(0).evaluate();
      pass.at(0, block.images(), block.records());
      network.prepare(parameters, 0, 1);
      return network.forward(0, group, parameters, new float[][] {block.pixels()})[0].clone();
    }

    LossTally evaluate(LaneBlock block) {
      LossTally tally = new LossTally();
      loss.evaluate(logits(block, false), block.targets(), null, tally);
      return tally;
    }

    double lossSum(LaneBlock block) {
      return evaluate(block).lossSum();
    }

    float[] gradient(LaneBlock block) {
      float[] logits = logits(block, true);
      float[] logitGradient = network.logitGradients()[0];
      loss.evaluate(logits, block.targets(), logitGradient, new LossTally());
      network.backward(0, group, parameters, new float[][] {block.pixels()});
      float[] gradient = new float[plan.parameters()];
      network.finishGradient(1, gradient, 0, 1);
      return gradient;
    }
  }
}
