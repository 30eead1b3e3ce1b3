package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Targets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every loss keeps to. */
abstract class LossContract {
  final Loss loss;

  LossContract(Loss loss) {
    this.loss = loss;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1200})
  void hasTheGradientOfItsLoss(int classes) {
    float[] outputs = random(classes, 3);
    int[] labels = labels(classes);
    float[] gradient = new float[outputs.length];
    over(classes).evaluate(outputs, Targets.of(labels, 16), gradient, new LossTally());

    float step = 0x1p-7f;
    for (int i = 0; i < Math.min(outputs.length, 320); i++) {
      float[] above = outputs.clone();
      float[] below = outputs.clone();
      above[i] += step;
      below[i] -= step;
      double difference = lossSum(classes, above, labels) - lossSum(classes, below, labels);
      double expected = difference / ((double) above[i] - below[i]);
      assertThat((double) gradient[i]).isCloseTo(expected, within(3e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 15})
  void givesUnusedLanesNoGradientAndNoPlaceInTheTally(int images) {
    float[] outputs = random(10, 4);
    float[] dirty = outputs.clone();
    for (int i = 0; i < dirty.length; i++) {
      dirty[i] = i % Lanes.COUNT < images ? dirty[i] : Float.NaN;
    }
    int[] labels = labels(10);
    Arrays.fill(labels, images, 16, -1);
    float[] gradient = new float[outputs.length];
    Arrays.fill(gradient, 42);
    LossTally tally = new LossTally();

    over(10).evaluate(dirty, Targets.of(labels, images), gradient, tally);

    assertThat(tally.images()).isEqualTo(images);
    assertThat(tally.lossSum()).isFinite();
    for (int i = 0; i < gradient.length; i++) {
      assertThat(gradient[i] == 0).isEqualTo(i % Lanes.COUNT >= images);
    }
  }

  @Test
  void countsTheFirstLargestOutputAsThePrediction() {
    float[] outputs = new float[3 * 16];
    Arrays.fill(outputs, 16, 48, 1f); // classes 1 and 2 tie in every lane
    LossTally tally = new LossTally();

    over(3).evaluate(outputs, Targets.of(new int[] {1, 2, 0, 1}, 4), null, tally);

    assertThat(tally.correct()).isEqualTo(2);
    assertThat(tally.images()).isEqualTo(4);
  }

  @Test
  void givesANanLossAndNoHitForANanOutput() {
    float[] outputs = new float[2 * 16];
    outputs[16] = Float.NaN;
    LossTally tally = new LossTally();

    over(2).evaluate(outputs, Targets.of(new int[16], 1), null, tally);

    assertThat(tally.lossSum()).isNaN();
    assertThat(tally.correct()).isZero();
  }

  @Test
  void staysFiniteAtHugeOutputs() {
    float[] outputs = new float[2 * 16];
    outputs[0] = 1e4f;
    outputs[16] = -1e4f;
    outputs[1] = -1e4f;
    outputs[17] = 1e4f;
    float[] gradient = new float[outputs.length];
    LossTally right = new LossTally();
    over(2).evaluate(outputs, Targets.of(new int[16], 1), null, right);
    LossTally both = new LossTally();
    over(2).evaluate(outputs, Targets.of(new int[16], 2), gradient, both);

    assertThat(right.lossSum()).isZero();
    assertThat(both.lossSum()).isEqualTo(2e4);
    assertThat(gradient[0]).isCloseTo(0f, within(1e-30f));
    assertThat(gradient[16]).isCloseTo(0f, within(1e-30f));
    assertThat(gradient[1]).isEqualTo(-1f);
    assertThat(gradient[17]).isEqualTo(1f);
  }

  @Test
  void leavesOutputsUntouched() {
    float[] outputs = random(10, 5);

    over(10).evaluate(outputs, Targets.of(labels(10), 16), new float[160], new LossTally());

    assertThat(outputs).containsExactly(random(10, 5));
  }

  @Test
  void fillsProbabilitiesInPlace() {
    float[] outputs = random(10, 6);
    float[] expected = new float[160];
    over(10).probabilities(outputs, expected);

    over(10).probabilities(outputs, outputs);

    assertThat(outputs).containsExactly(expected);
  }

  @Test
  void differsFromItsGradientByTheTarget() {
    float[] outputs = random(10, 7);
    float[] probabilities = new float[160];
    over(10).probabilities(outputs, probabilities);
    float[] gradient = new float[160];
    over(10).evaluate(outputs, Targets.of(new int[16], 16), gradient, new LossTally());

    for (int i = 0; i < 160; i++) {
      assertThat(gradient[i]).isEqualTo(probabilities[i] - (i < 16 ? 1 : 0));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void hasTheGradientOfItsLossOnMixedImages(double smoothing) {
    float[] outputs = random(10, 3);
    Targets targets = Targets.of(labels(10), 16);
    for (int lane = 0; lane < 16; lane++) {
      targets.others()[lane] = (3 * lane + 1) % 10;
      targets.shares()[lane] = 0.5f + lane / 32f;
    }
    LossFunction smooth = loss.over(10, KernelLookup.kernels(), TrainingLoss.smoothed(smoothing));
    float[] gradient = new float[outputs.length];
    smooth.evaluate(outputs, targets, gradient, new LossTally());

    float step = 0x1p-7f;
    for (int i = 0; i < outputs.length; i++) {
      float[] above = outputs.clone();
      float[] below = outputs.clone();
      above[i] += step;
      below[i] -= step;
      LossTally high = new LossTally();
      LossTally low = new LossTally();
      smooth.evaluate(above, targets, null, high);
      smooth.evaluate(below, targets, null, low);
      double expected = (high.lossSum() - low.lossSum()) / ((double) above[i] - below[i]);
      assertThat((double) gradient[i]).isCloseTo(expected, within(3e-4));
    }
  }

  @Test
  void isLeastOfASmoothedLabelWhereTheOutputsSayIt() {
    LossFunction smooth = loss.over(2, KernelLookup.kernels(), TrainingLoss.smoothed(0.2));
    float[] gradient = new float[32];
    float[] outputs = new float[32];
    // Odds of 9 to 1: the label's share is 0.8 + 0.2 / 2.
    float logOdds = (float) StrictMath.log(9);
    boolean softmax = loss == Loss.SOFTMAX_CROSS_ENTROPY;
    outputs[0] = logOdds;
    outputs[16] = softmax ? 0 : -logOdds;

    smooth.evaluate(outputs, Targets.of(new int[16], 1), gradient, new LossTally());

    assertThat(gradient[0]).isCloseTo(0f, within(1e-6f));
    assertThat(gradient[16]).isCloseTo(0f, within(1e-6f));
  }

  @Test
  void refusesALabelOutOfRange() {
    int[] labels = new int[16];
    labels[3] = 10;

    assertThatThrownBy(
            () -> over(10).evaluate(new float[160], Targets.of(labels, 16), null, new LossTally()))
        .hasMessage("Cannot compute a loss: expected labels from 0 to 9, got 10 in lane 3.");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17})
  void refusesABlockOfOtherThanOneToSixteenImages(int images) {
    assertThatThrownBy(
            () ->
                over(10)
                    .evaluate(
                        new float[160], Targets.of(new int[16], images), null, new LossTally()))
        .hasMessage("Cannot compute a loss: expected 1 to 16 images in a block, got %s.", images);
  }

  /** The loss at work on this machine's kernels. */
  final LossFunction over(int classes) {
    return loss.over(classes, KernelLookup.kernels());
  }

  private double lossSum(int classes, float[] outputs, int[] labels) {
    LossTally tally = new LossTally();
    over(classes).evaluate(outputs, Targets.of(labels, 16), null, tally);
    return tally.lossSum();
  }

  private static int[] labels(int classes) {
    int[] labels = new int[16];
    for (int lane = 0; lane < 16; lane++) {
      labels[lane] = lane % classes;
    }
    return labels;
  }

  private static float[] random(int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[classes * 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-3, 3);
    }
    return values;
  }
}
