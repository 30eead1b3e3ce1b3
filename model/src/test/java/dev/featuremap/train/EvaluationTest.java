package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.metric.ClassificationMetrics;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.metric.LabelScores;
import dev.featuremap.metric.RankTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the evaluation of one fully connected layer against plain loops in double. */
class EvaluationTest {
  private static final int IMAGES = 37; // two full blocks and one of 5
  private static final int PIXELS = 64;
  private static final int CLASSES = 4;

  private final NetworkPlan plan =
      Specs.plan(
          """
          input { shape = [1, 8, 8], mean = 0.25, deviation = 0.5 }
          layers = [
            { type = dropout, rate = 0.5 }
            { type = fully-connected, outputs = 4 }
          ]
          """);
  private final float[] parameters = plan.initialParameters(3);
  private final Shard shard = SyntheticDigits.shard(0, IMAGES, 8, CLASSES, 3);
  private final Evaluation evaluation =
      Evaluation.of(plan, KernelLookup.kernels(), parameters, shard, Team.alone());
  private final ConfusionMatrix confusion = new ConfusionMatrix(CLASSES);
  private double lossSum;

  @BeforeEach
  void evaluateByPlainLoops() {
    for (int image = 0; image < IMAGES; image++) {
      double[] logits = logits(image);
      int label = view(image).label();
      int best = 0;
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        best = logits[c] > logits[best] ? c : best;
        sum += StrictMath.exp(logits[c]);
      }
      lossSum += StrictMath.log(sum) - logits[label];
      confusion.add(label, best);
    }
  }

  @Test
  void sumsTheLossOfAllImages() {
    assertThat(evaluation.lossSum()).isCloseTo(lossSum, within(1e-4));
    assertThat(evaluation.loss()).isCloseTo(lossSum / IMAGES, within(1e-5));
  }

  @Test
  void countsEachClassTakenForEachOther() {
    for (int actual = 0; actual < CLASSES; actual++) {
      for (int predicted = 0; predicted < CLASSES; predicted++) {
        assertThat(evaluation.confusion().count(actual, predicted))
            .isEqualTo(confusion.count(actual, predicted));
      }
    }
    assertThat(evaluation.images()).isEqualTo(IMAGES);
    assertThat(evaluation.accuracy()).isEqualTo(confusion.accuracy()).isBetween(0.01, 0.99);
  }

  @Test
  void readsTheParametersAtTheStartOfAState() {
    float[] state = Specs.training("optimizer.type = adam").initialState(plan);
    System.arraycopy(parameters, 0, state, 0, parameters.length);

    assertThat(Evaluation.of(plan, KernelLookup.kernels(), state, shard, Team.alone()).lossSum())
        .isEqualTo(evaluation.lossSum());
  }

  @Test
  void addsUpThePartsOfASet() {
    Evaluation total = Evaluation.total(List.of(evaluation, evaluation));

    assertThat(total.lossSum()).isEqualTo(2 * evaluation.lossSum());
    assertThat(total.images()).isEqualTo(2 * IMAGES);
    assertThat(total.accuracy()).isEqualTo(evaluation.accuracy());
  }

  @Test
  void keepsTheWorstMistakes() {
    assertThat(evaluation.mistakes())
        .hasSizeBetween(1, Evaluation.MISTAKES)
        .isSortedAccordingTo(Mistake.WORST_FIRST)
        .allSatisfy(
            mistake -> {
              double[] logits = logits(mistake.position());
              ImageView image = view(mistake.position());
              assertThat(mistake.record()).isEqualTo(image.record());
              assertThat(mistake.label()).isEqualTo(image.label());
              assertThat((double) mistake.margin())
                  .isCloseTo(logits[mistake.prediction()] - logits[image.label()], within(1e-4));
            });
    double worst =
        IntStream.range(0, IMAGES)
            .mapToDouble(
                image ->
                    Arrays.stream(logits(image)).max().orElseThrow()
                        - logits(image)[view(image).label()])
            .max()
            .orElseThrow();
    assertThat((double) evaluation.mistakes().get(0).margin()).isCloseTo(worst, within(1e-4));
  }

  @Test
  void tellsTheSameWithProbabilities() {
    EvaluationPass pass =
        EvaluationPass.scoring(
            plan, KernelLookup.kernels(), parameters, shard, Optional.empty(), Team.alone());
    List<ScoredImages> scored = new ArrayList<>();
    pass.forEachRemaining(scored::add);

    ScoredPart part = ScoredPart.of(scored.iterator(), Optional.empty());
    assertThat(part.evaluation().lossSum()).isEqualTo(evaluation.lossSum());
    assertThat(part.evaluation().confusion().mostConfused(99))
        .isEqualTo(evaluation.confusion().mostConfused(99));
    assertThat(scored).hasSize(1);
    assertThat(scored.get(0).images()).isEqualTo(IMAGES);
    for (int image = 0; image < IMAGES; image++) {
      double[] logits = logits(image);
      double sum = Arrays.stream(logits).map(StrictMath::exp).sum();
      for (int c = 0; c < CLASSES; c++) {
        assertThat((double) scored.get(0).probability(image, c))
            .isCloseTo(StrictMath.exp(logits[c]) / sum, within(1e-5));
      }
      assertThat(scored.get(0).label(image)).isEqualTo(view(image).label());
    }
    // The loss is that of unsmoothed labels, so it is the log loss, but for rounding.
    assertThat(metrics(part, scored).logLoss()).isCloseTo(evaluation.loss(), within(1e-6));
  }

  @Test
  void givesTheSameProbabilitiesByAnyNumberOfThreads() {
    float[] alone = probabilities(Team.alone());
    try (Team team = new Team(3)) {
      assertThat(probabilities(team)).isEqualTo(alone);
    }
  }

  private static ClassificationMetrics metrics(ScoredPart part, List<ScoredImages> scored) {
    LabelScores ofLabels = part.ofLabels();
    RankTally ranks = new RankTally(CLASSES);
    scored.forEach(images -> images.rankInto(ranks, ofLabels, Optional.empty()));
    return part.metrics(ranks, ofLabels);
  }

  private float[] probabilities(Team team) {
    float[] all = new float[IMAGES * CLASSES];
    try (EvaluationPass pass =
        EvaluationPass.scoring(
            plan, KernelLookup.kernels(), parameters, shard, Optional.empty(), team)) {
      ScoredImages scored = pass.next();
      for (int k = 0; k < all.length; k++) {
        all[k] = scored.probability(k / CLASSES, k % CLASSES);
      }
    }
    return all;
  }

  private double[] logits(int image) {
    double[] logits = new double[CLASSES];
    byte[] pixels = view(image).pixels();
    int offset = view(image).offset();
    for (int c = 0; c < CLASSES; c++) {
      logits[c] = parameters[CLASSES * PIXELS + c];
      for (int p = 0; p < PIXELS; p++) {
        int pixel = pixels[offset + p] & 0xFF;
        logits[c] += parameters[c * PIXELS + p] * (pixel / 255.0 - 0.25) / 0.5;
      }
    }
    return logits;
  }

  private ImageView view(int image) {
    ImageView view = new ImageView();
    shard.pass(EpochOrder.sequential(), 0, IMAGES).find(image, view);
    return view;
  }
}
