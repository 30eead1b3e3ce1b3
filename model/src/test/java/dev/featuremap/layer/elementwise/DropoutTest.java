package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.layer.BlockPass;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.SingleBlockLayer;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DropoutTest extends LayerContract {
  private static final Shape SHAPE = Shape.ofFeatures(1000);

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Dropout(0), new Shape(2, 3, 4)),
        new Case(new Dropout(0.5), new Shape(2, 3, 4)),
        new Case(new Dropout(0.9), Shape.ofFeatures(30)));
  }

  @Test
  void keepsAShareOfOneMinusItsRate() {
    int kept = 0;
    float[] mask = mask(0.3, 0, 5, 0);
    for (float value : mask) {
      kept += value == 0f ? 0 : 1;
    }
    // 16,000 draws: the standard deviation of the share is 0.0036.
    assertThat((double) kept / mask.length).isCloseTo(0.7, within(0.015));
  }

  @Test
  void scalesWhatItKeepsSoThatTheMeanStays() {
    assertThat(mask(0.75, 0, 5, 0)).containsOnly(0f, 4f);
  }

  @Test
  void repeatsItsMaskForTheSameKeys() {
    assertThat(mask(0.5, 1, 5, 2)).isEqualTo(mask(0.5, 1, 5, 2));
  }

  @Test
  void drawsAnotherMaskInAnotherEpochLayerRecordOrRun() {
    float[] mask = mask(0.5, 1, 5, 2);
    assertUnrelated(mask, mask(0.5, 2, 5, 2));
    assertUnrelated(mask, mask(0.5, 1, 6, 2));
    assertUnrelated(mask, mask(0.5, 1, 5, 3));
    assertUnrelated(mask, apply(new Dropout(0.5), 2, new BlockPass().train(43, 1), 5));
  }

  @Test
  void drawsAnotherMaskForEachImageOfABlock() {
    float[] mask = mask(0.5, 1, 5, 2);
    int equal = 0;
    for (int k = 0; k < SHAPE.size(); k++) {
      equal += mask[k * Lanes.COUNT] == mask[k * Lanes.COUNT + 1] ? 1 : 0;
    }
    assertThat(equal).isBetween(400, 600);
  }

  @Test
  void passesEverythingOnInEvaluation() {
    float[] output = apply(new Dropout(0.5), 2, new BlockPass().evaluate(), 5);
    assertThat(output).containsOnly(1f);
  }

  @Test
  void rejectsARateThatLeavesNothing() {
    assertThatThrownBy(() -> new Dropout(1))
        .hasMessage("Cannot make a dropout layer: its rate must be in [0, 1), got 1.0.");
    assertThatThrownBy(() -> new Dropout(Double.NaN)).hasMessageContaining("got NaN");
  }

  private static float[] mask(double rate, int epoch, long firstRecord, int layer) {
    return apply(new Dropout(rate), layer, new BlockPass().train(42, epoch), firstRecord);
  }

  /** What becomes of ones; records are 100 apart, so that blocks do not share any. */
  private static float[] apply(Dropout spec, int layer, BlockPass pass, long firstRecord) {
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      pass.records()[lane] = firstRecord + 100L * lane;
    }
    float[] ones = new float[SHAPE.blockSize()];
    Arrays.fill(ones, 1f);
    float[] output = new float[SHAPE.blockSize()];
    SingleBlockLayer mask =
        (SingleBlockLayer)
            spec.build(
                SHAPE, new LayerPlace(layer, 0, 0, 1, true, new Scratch()), new ScalarKernels());
    mask.forward(pass, ones, output);
    return output;
  }

  /** Two independent masks of rate one half agree in half of their 16,000 places. */
  private static void assertUnrelated(float[] first, float[] second) {
    int equal = 0;
    for (int k = 0; k < first.length; k++) {
      equal += first[k] == second[k] ? 1 : 0;
    }
    assertThat((double) equal / first.length).isCloseTo(0.5, within(0.02));
  }
}
