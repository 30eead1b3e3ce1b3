package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the logits of one fully connected layer against plain loops in double. */
class PredictorTest {
  private static final int IMAGES = 37; // two full blocks and one of 5
  private static final int PIXELS = 64;
  private static final int CLASSES = 4;

  private final NetworkPlan plan =
      Specs.plan(
          """
          input { shape = [1, 8, 8], mean = 0.25, deviation = 0.5 }
          layers = [{ type = fully-connected, outputs = 4 }]
          """);
  private final float[] parameters = plan.initialParameters(3);
  private final Shard shard = SyntheticDigits.shard(0, IMAGES, 8, CLASSES, 3);

  @Test
  void findsTheLogitsOfEachImage() {
    float[] logits = predict(1, IMAGES * CLASSES);

    for (int image = 0; image < IMAGES; image++) {
      for (int c = 0; c < CLASSES; c++) {
        assertThat((double) logits[image * CLASSES + c]).isCloseTo(logit(image, c), within(1e-4));
      }
    }
  }

  /** A block of such images takes 128 bytes times height and width. */
  @ParameterizedTest
  @CsvSource({"32, 4", "512, 4", "600, 2", "800, 1", "2000, 1"})
  void takesFewerBlocksTogetherWhereImagesAreLarge(int side, int blocks) {
    NetworkPlan large =
        Specs.plan(
            """
            input { shape = [1, %1$s, %1$s] }
            layers = [
              { type = max-pool, window = 3, stride = 1, padding = 1 }
              { type = max-pool, window = 3, stride = 1, padding = 1 }
              { type = adaptive-average-pool, output = 1 }
              { type = fully-connected, outputs = 131072 }
            ]
            """
                .formatted(side));

    assertThat(BatchExecutor.blocksTogether(large)).isEqualTo(blocks);
    assertThat(blocks * large.predictionBytes(1)).isLessThanOrEqualTo(520 << 20);
  }

  @Test
  void findsWhatTheLossMakesOfTheLogits() {
    float[] logits = new float[IMAGES * CLASSES];
    float[] probabilities = new float[IMAGES * CLASSES];
    predictor(Team.alone()).outputsInto(shard, logits, probabilities);

    for (int image = 0; image < IMAGES; image++) {
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        sum += StrictMath.exp(logits[image * CLASSES + c]);
      }
      for (int c = 0; c < CLASSES; c++) {
        double expected = StrictMath.exp(logits[image * CLASSES + c]) / sum;
        assertThat((double) probabilities[image * CLASSES + c]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void findsTheSameBitsWithAnyNumberOfThreads() {
    assertThat(predict(3, IMAGES * CLASSES)).isEqualTo(predict(1, IMAGES * CLASSES));
  }

  @Test
  void leavesWhatIsBehindTheLastImage() {
    assertThat(predict(1, IMAGES * CLASSES + 3)).endsWith(-7f, -7f, -7f);
  }

  @Test
  void findsTheOutputOfALayerByChannelRowAndColumn() {
    String conv = "{ type = convolution, name = conv, feature-maps = 2, field = 1 }";
    NetworkPlan cut =
        Specs.plan(
                """
                input { shape = [1, 8, 8], mean = 0.25, deviation = 0.5 }
                layers = [%s, { type = relu }, { type = fully-connected, outputs = 4 }]
                """
                    .formatted(conv))
            .upTo("conv");
    float[] model = cut.initialParameters(3);
    float[] weights = {1, 10, 0.5f, -2}; // of the two maps, then their biases
    System.arraycopy(weights, 0, model, 0, weights.length);
    float[] features = new float[IMAGES * 2 * PIXELS];
    new Predictor(cut, KernelLookup.kernels(), model, Team.alone()).featuresInto(shard, features);

    ImageView view = new ImageView();
    for (int image = 0; image < IMAGES; image++) {
      shard.pass(EpochOrder.sequential(), 0, IMAGES).find(image, view);
      for (int k = 0; k < 2 * PIXELS; k++) {
        int pixel = view.pixels()[view.offset() + k % PIXELS] & 0xFF;
        double expected =
            weights[k / PIXELS] * (pixel / 255.0 - 0.25) / 0.5 + weights[2 + k / PIXELS];
        assertThat((double) features[image * 2 * PIXELS + k]).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void forksForOneMoreCaller() {
    Predictor first = predictor(Team.alone());
    float[] logits = new float[IMAGES * CLASSES];
    float[] probabilities = new float[IMAGES * CLASSES];

    first.fork().outputsInto(shard, logits, probabilities);

    assertThat(logits).isEqualTo(predict(1, IMAGES * CLASSES));
  }

  private double logit(int image, int c) {
    ImageView view = new ImageView();
    shard.pass(EpochOrder.sequential(), 0, IMAGES).find(image, view);
    double sum = parameters[CLASSES * PIXELS + c];
    for (int p = 0; p < PIXELS; p++) {
      int pixel = view.pixels()[view.offset() + p] & 0xFF;
      sum += parameters[c * PIXELS + p] * (pixel / 255.0 - 0.25) / 0.5;
    }
    return sum;
  }

  private float[] predict(int threads, int length) {
    float[] logits = new float[length];
    Arrays.fill(logits, -7f);
    try (Team team = new Team(threads)) {
      predictor(team).outputsInto(shard, logits, new float[length]);
    }
    return logits;
  }

  private Predictor predictor(Team team) {
    return new Predictor(plan, KernelLookup.kernels(), parameters, team);
  }
}
