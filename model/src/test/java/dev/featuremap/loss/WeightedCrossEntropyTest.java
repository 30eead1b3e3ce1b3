package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.tensor.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses with class weights, focal or not, of softmax and of sigmoids. */
class WeightedCrossEntropyTest {
  private static final float[] WEIGHTS = {0.5f, 2, 1.25f};
  private static final float[][] OUTPUTS = {{1, 2, 3}, {-0.5f, 0.25f, 0}, {4, -3, 1}};

  /**
   * PyTorch 2.15.0 in float64: {@code F.cross_entropy(z, y, weight, label_smoothing=smoothing,
   * reduction="sum")}, {@code w * (1-p)**gamma * -log(p)} with its gradient, and {@code w *
   * F.binary_cross_entropy_with_logits}; y = [1, 0, 2].
   */
  @ParameterizedTest
  @CsvSource({
    "SOFTMAX_CROSS_ENTROPY, 0, 0, true, 7.407755890, 0.180061146 -1.510543058 1.330481912 -0.395084087 0.222106990 0.172977097 1.189684257 0.001084852 -1.190769109",
    "SOFTMAX_CROSS_ENTROPY, 0.1, 0, true, 7.540127443, 0.156642187 -1.395564360 1.238922173 -0.346013367 0.188756371 0.157256995 1.173017590 -0.065581815 -1.107435775",
    "SOFTMAX_CROSS_ENTROPY, 0, 2, false, 4.545170453, 0.098204346 -0.823841764 0.725637418 -0.902490413 0.507358902 0.395131511 1.125705027 0.001026510 -1.126731538",
    "SOFTMAX_CROSS_ENTROPY, 0, 0.5, true, 6.861007681, 0.192171095 -1.612134095 1.419963000 -0.424007114 0.238366836 0.185640278 1.249220815 0.001139142 -1.250359957",
    "SIGMOID_CROSS_ENTROPY, 0, 0, true, 15.699134601, 1.462117157 -0.238405844 1.905148254 -0.311229666 0.281088250 0.250000000 1.227517238 0.059282341 -0.336176777"
  })
  void isThatOfPytorch(
      Loss loss, double smoothing, double gamma, boolean weighs, double value, String gradients) {
    float[] outputs = new float[48];
    for (int k = 0; k < 9; k++) {
      outputs[k % 3 * 16 + k / 3] = OUTPUTS[k / 3][k % 3];
    }
    Targets targets = Targets.of(new int[] {1, 0, 2}, 3);
    float[] gradient = new float[48];
    Arrays.fill(gradient, Float.NaN);
    LossTally tally = new LossTally();

    loss.over(3, KernelLookup.kernels(), training(smoothing, gamma, weighs ? WEIGHTS : null))
        .evaluate(outputs, targets, gradient, tally);

    assertThat(tally.lossSum()).isCloseTo(value, within(2e-6));
    String[] expected = gradients.split(" ", -1);
    for (int k = 0; k < 9; k++) {
      assertThat((double) gradient[k % 3 * 16 + k / 3])
          .isCloseTo(Double.parseDouble(expected[k]), within(1e-6));
    }
    for (int k = 0; k < 48; k++) {
      assertThat(k % 16 < 3 || gradient[k] == 0).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTMAX_CROSS_ENTROPY, 0, 0",
    "SOFTMAX_CROSS_ENTROPY, 0.2, 0",
    "SOFTMAX_CROSS_ENTROPY, 0, 2",
    "SOFTMAX_CROSS_ENTROPY, 0.2, 2",
    "SOFTMAX_CROSS_ENTROPY, 0.1, 0.5",
    "SIGMOID_CROSS_ENTROPY, 0.2, 0"
  })
  void hasTheGradientOfItsLossOnMixedImages(Loss loss, double smoothing, double gamma) {
    SplittableRandom random = new SplittableRandom(3);
    float[] outputs = new float[160];
    float[] weights = new float[10];
    Targets targets = Targets.of(new int[16], 16);
    for (int k = 0; k < 160; k++) {
      outputs[k] = (float) random.nextDouble(-3, 3);
      weights[k % 10] = (float) random.nextDouble(0.1, 3);
    }
    for (int lane = 0; lane < 16; lane++) {
      targets.classes()[lane] = lane % 10;
      targets.others()[lane] = (3 * lane + 1) % 10;
      targets.shares()[lane] = 0.5f + lane / 32f;
    }
    LossFunction function =
        loss.over(10, KernelLookup.kernels(), training(smoothing, gamma, weights));
    float[] gradient = new float[160];
    function.evaluate(outputs, targets, gradient, new LossTally());

    for (int k = 0; k < 160; k++) {
      float step = 0x1p-7f;
      float[] above = outputs.clone();
      float[] below = outputs.clone();
      above[k] += step;
      below[k] -= step;
      double difference = lossSum(function, above, targets) - lossSum(function, below, targets);
      assertThat((double) gradient[k])
          .isCloseTo(difference / ((double) above[k] - below[k]), within(3e-4));
    }
  }

  @Test
  void countsAlikeWhatHasTheWeightOne() {
    float[] outputs = random();
    Targets targets = Targets.of(new int[] {3, 1, 0, 2, 2}, 5);
    float[] plain = new float[64];
    float[] weighted = new float[64];
    LossTally tally = new LossTally();
    LossTally other = new LossTally();

    Loss.SOFTMAX_CROSS_ENTROPY
        .over(4, KernelLookup.kernels())
        .evaluate(outputs, targets, plain, tally);
    Loss.SOFTMAX_CROSS_ENTROPY
        .over(4, KernelLookup.kernels(), training(0, 0, new float[] {1, 1, 1, 1}))
        .evaluate(outputs, targets, weighted, other);

    assertThat(weighted).containsExactly(plain);
    assertThat(other.lossSum()).isCloseTo(tally.lossSum(), within(1e-6));
    assertThat(other.correct()).isEqualTo(tally.correct());
  }

  @Test
  void leavesWhatIsRightAloneWhereItIsFocal() {
    float[] outputs = new float[32];
    outputs[0] = 1e4f; // right, and sure of it
    outputs[16 + 1] = 1e4f; // wrong
    outputs[2] = Float.NaN;
    float[] gradient = new float[32];
    LossTally tally = new LossTally();
    LossFunction focal =
        Loss.SOFTMAX_CROSS_ENTROPY.over(2, KernelLookup.kernels(), training(0, 0.5, null));

    focal.evaluate(outputs, Targets.of(new int[16], 2), gradient, tally);

    assertThat(tally.lossSum()).isEqualTo(1e4);
    assertThat(gradient[0]).isZero();
    assertThat(gradient[16]).isZero();
    assertThat(gradient[1]).isEqualTo(-1f);
    assertThat(gradient[17]).isEqualTo(1f);
    LossTally diverged = new LossTally();
    focal.evaluate(outputs, Targets.of(new int[16], 3), gradient, diverged);
    assertThat(diverged.lossSum()).isNaN();
    assertThat(diverged.correct()).isEqualTo(1);
  }

  @Test
  void givesTheSameBitsByScalarKernels() {
    Targets targets = Targets.of(new int[] {3, 1, 0, 2, 2}, 5);
    TrainingLoss focal = training(0.1, 2, new float[] {0.3f, 1, 2, 4});
    float[] vector = new float[64];
    float[] scalar = new float[64];

    Loss.SOFTMAX_CROSS_ENTROPY
        .over(4, KernelLookup.kernels(), focal)
        .evaluate(random(), targets, vector, new LossTally());
    Loss.SOFTMAX_CROSS_ENTROPY
        .over(4, new ScalarKernels(), focal)
        .evaluate(random(), targets, scalar, new LossTally());

    assertThat(vector).containsExactly(scalar);
  }

  @Test
  void isFocalForSoftmaxAlone() {
    assertThat(training(0, 2, null).problems(Loss.SIGMOID_CROSS_ENTROPY, 3, "train"))
        .containsExactly(
            "Cannot use train.loss.type = focal: it is made for networks with the loss softmax-cross-entropy, got sigmoid-cross-entropy.");
    assertThat(training(0, 2, null).problems(Loss.SOFTMAX_CROSS_ENTROPY, 3, "train")).isEmpty();
  }

  private static float[] random() {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[64];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) random.nextDouble(-3, 3);
    }
    return values;
  }

  private static double lossSum(LossFunction function, float[] outputs, Targets targets) {
    LossTally tally = new LossTally();
    function.evaluate(outputs, targets, null, tally);
    return tally.lossSum();
  }

  private static TrainingLoss training(double smoothing, double gamma, float[] weights) {
    ClassWeighting weighting =
        weights == null
            ? ClassWeighting.NONE
            : new ClassWeighting(ClassWeighting.Rule.INVERSE, 0, List.of(), new TreeMap<>());
    return new TrainingLoss(smoothing, gamma, weighting, weights, null);
  }
}
