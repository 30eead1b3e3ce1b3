package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StochasticDepthTest extends LayerContract {
  private static final Shape SHAPE = new Shape(3, 5, 4);

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new StochasticDepth(0), new Shape(2, 3, 4)),
        new Case(new StochasticDepth(0.5), new Shape(3, 5, 4)),
        new Case(new StochasticDepth(0.2), Shape.ofFeatures(30)),
        new Case(new StochasticDepth(0.5), Shape.ofFeatures(1)));
  }

  @Test
  void dropsOrScalesWholeImages() {
    float[] mask = mask(0.75, 1, 5, 2);
    assertThat(mask).containsOnly(0f, 4f);
    for (int k = Lanes.COUNT; k < mask.length; k++) {
      assertThat(mask[k]).isEqualTo(mask[k % Lanes.COUNT]);
    }
  }

  @Test
  void keepsAShareOfOneMinusItsRate() {
    // 6,400 draws: the standard deviation of the share is 0.005.
    assertThat(kept(0.2)).isCloseTo(0.8, within(0.02));
    assertThat(kept(0)).isEqualTo(1);
  }

  private static double kept(double rate) {
    double kept = 0;
    for (int epoch = 0; epoch < 400; epoch++) {
      float[] mask = mask(rate, epoch, 5, 2);
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        kept += mask[lane] == 0f ? 0 : 1;
      }
    }
    return kept / (400 * Lanes.COUNT);
  }

  @Test
  void followsTheRecordTheEpochTheLayerAndTheSeed() {
    float[] mask = mask(0.5, 1, 5, 2);
    assertThat(mask(0.5, 1, 5, 2)).isEqualTo(mask);
    int[] others = new int[4];
    for (int k = 10; k < 110; k++) {
      others[0] += mask(0.5, k, 5, 2)[0] == mask[0] ? 1 : 0;
      others[1] += mask(0.5, 1, k, 2)[0] == mask[0] ? 1 : 0;
      others[2] += mask(0.5, 1, 5, k)[0] == mask[0] ? 1 : 0;
      others[3] +=
          MaskTrial.train(new StochasticDepth(0.5), SHAPE, k, 1, 2, 5)[0] == mask[0] ? 1 : 0;
    }
    for (int equal : others) {
      assertThat(equal).isBetween(30, 70);
    }
  }

  @Test
  void followsTheRecordNotTheLane() {
    // Record 105 is in the second lane of the first block, and in the first of the second.
    assertThat(mask(0.5, 1, 105, 2)[0]).isEqualTo(mask(0.5, 1, 5, 2)[1]);
  }

  @Test
  void passesEverythingOnInEvaluation() {
    assertThat(MaskTrial.evaluate(new StochasticDepth(0.5), SHAPE)).containsOnly(1f);
  }

  @Test
  void rejectsARateThatLeavesNothing() {
    assertThatThrownBy(() -> new StochasticDepth(1))
        .hasMessage("Cannot make a stochastic-depth layer: its rate must be in [0, 1), got 1.0.");
    assertThat(new StochasticDepth(0.2).summary()).isEqualTo("rate 0.2");
  }

  @Test
  void needsARate() {
    List<String> problems = new ArrayList<>();
    LayerTypes.read(
        Options.of(ConfigFactory.parseString("type = stochastic-depth"), "layer drop", problems),
        List.of());
    assertThat(problems).containsExactly("Cannot read layer drop.rate: it is required.");
  }

  private static float[] mask(double rate, int epoch, long firstRecord, int layer) {
    return MaskTrial.train(new StochasticDepth(rate), SHAPE, 42, epoch, layer, firstRecord);
  }
}
