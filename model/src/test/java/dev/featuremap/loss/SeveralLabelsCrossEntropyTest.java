package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.metric.LabelDecisions;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeveralLabelsCrossEntropyTest {
  private static final LabelSets SETS =
      new LabelSets(3, new int[] {}, new int[] {1}, new int[] {0, 2});

  private static LossFunction loss(double smoothing, LabelSets sets) {
    return Loss.SIGMOID_CROSS_ENTROPY.over(
        sets.classes(), KernelLookup.kernels(), TrainingLoss.smoothed(smoothing).over(sets));
  }

  private static float[] outputs() {
    float[] outputs = new float[3 * Lanes.COUNT];
    for (int at = 0; at < outputs.length; at++) {
      outputs[at] = (at * 37 % 41 - 20) / 8f;
    }
    return outputs;
  }

  @Test
  void isThatOfPytorchSummed() {
    for (Config expected :
        ConfigFactory.parseResources(LabelDecisions.class, "several-labels.conf")
            .getConfigList("cases")) {
      int classes = expected.getInt("classes");
      int[][] sets =
          expected.getList("sets").stream()
              .map(set -> set.atKey("set").getIntList("set"))
              .map(set -> set.stream().mapToInt(label -> label).toArray())
              .toArray(int[][]::new);
      List<Double> logits = expected.getDoubleList("logits");
      LossFunction loss = loss(0, new LabelSets(classes, sets));
      LossTally tally = new LossTally();
      for (int image = 0; image < sets.length; image++) {
        float[] outputs = new float[classes * Lanes.COUNT];
        for (int c = 0; c < classes; c++) {
          outputs[c * Lanes.COUNT] = logits.get(image * classes + c).floatValue();
        }
        loss.evaluate(outputs, Targets.of(new int[] {image}, 1), null, tally);
      }

      double sum = expected.getDouble("loss-sum");
      assertThat(tally.lossSum()).isCloseTo(sum, within(1e-6 * sum));
      double exact = expected.getDouble("exact-match") * sets.length;
      assertThat((double) tally.correct()).isCloseTo(exact, within(1e-9));
    }
  }

  @Test
  void hasTheGradientOfItsLoss() {
    Targets targets = Targets.of(new int[] {0, 1, 2, 2}, 4);
    targets.others()[3] = 1;
    targets.shares()[3] = 0.25f;
    LossFunction loss = loss(0.1, SETS);
    float[] gradient = new float[3 * Lanes.COUNT];

    loss.evaluate(outputs(), targets, gradient, new LossTally());

    for (int at = 0; at < gradient.length; at++) {
      double expected = at % Lanes.COUNT < 4 ? slope(loss, targets, at) : 0;
      assertThat((double) gradient[at]).as("output %s", at).isCloseTo(expected, within(1e-3));
    }
  }

  private static double slope(LossFunction loss, Targets targets, int at) {
    float step = 1f / 64;
    float[] outputs = outputs();
    outputs[at] += step;
    LossTally above = new LossTally();
    loss.evaluate(outputs, targets, null, above);
    outputs[at] -= 2 * step;
    LossTally below = new LossTally();
    loss.evaluate(outputs, targets, null, below);
    return (above.lossSum() - below.lossSum()) / (2 * step);
  }

  @Test
  void predictsTheSharesOfTwoImagesThatAreMixed() {
    Targets targets = Targets.of(new int[] {2}, 1);
    targets.others()[0] = 1;
    targets.shares()[0] = 0.75f;
    float[] gradient = new float[3 * Lanes.COUNT];

    loss(0, SETS).evaluate(new float[3 * Lanes.COUNT], targets, gradient, new LossTally());

    assertThat(gradient[0]).isEqualTo(0.5f - 0.75f);
    assertThat(gradient[Lanes.COUNT]).isEqualTo(0.5f - 0.25f);
    assertThat(gradient[2 * Lanes.COUNT]).isEqualTo(0.5f - 0.75f);
  }

  @Test
  void smoothsEachDecisionTowardsOneHalf() {
    float[] gradient = new float[3 * Lanes.COUNT];

    loss(0.5, SETS)
        .evaluate(
            new float[3 * Lanes.COUNT], Targets.of(new int[] {1}, 1), gradient, new LossTally());

    assertThat(gradient[0]).isEqualTo(0.5f - 0.25f);
    assertThat(gradient[Lanes.COUNT]).isEqualTo(0.5f - 0.75f);
  }

  @Test
  void neverCountsADivergedNetworkAsRight() {
    float[] outputs = new float[3 * Lanes.COUNT];
    outputs[0] = Float.NaN;
    LossTally tally = new LossTally();

    loss(0, SETS).evaluate(outputs, Targets.of(new int[] {0}, 1), null, tally);

    assertThat(tally.correct()).isZero();
    assertThat(tally.lossSum()).isNaN();
  }

  @Test
  void refusesSetsOfOtherClasses() {
    assertThatThrownBy(
            () ->
                Loss.SIGMOID_CROSS_ENTROPY.over(
                    4, KernelLookup.kernels(), TrainingLoss.PLAIN.over(SETS)))
        .hasMessage("Cannot compute a loss: expected sets of labels of 4 classes, got 3.");
    assertThatThrownBy(() -> new LabelSets(3, new int[] {1, 1}))
        .hasMessage(
            "Cannot make a set of labels: expected classes from 0 to 2 in ascending order, got [1, 1].");
  }
}
