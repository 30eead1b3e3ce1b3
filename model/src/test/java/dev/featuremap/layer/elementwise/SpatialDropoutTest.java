package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpatialDropoutTest extends LayerContract {
  private static final Shape SHAPE = new Shape(600, 5, 4);

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new SpatialDropout(0), new Shape(2, 3, 4)),
        new Case(new SpatialDropout(0.5), new Shape(4, 4, 5)),
        new Case(new SpatialDropout(0.9), Shape.ofFeatures(30)));
  }

  @Test
  void dropsOrScalesWholeChannelsOfAnImage() {
    float[] mask = mask(0.75, 1, 5, 2);
    assertThat(mask).containsOnly(0f, 4f);
    for (int c = 0; c < SHAPE.channels(); c++) {
      int channel = c * 20 * Lanes.COUNT;
      for (int k = Lanes.COUNT; k < 20 * Lanes.COUNT; k++) {
        assertThat(mask[channel + k]).isEqualTo(mask[channel + k % Lanes.COUNT]);
      }
    }
  }

  @Test
  void keepsAShareOfOneMinusItsRate() {
    float[] mask = mask(0.3, 1, 5, 2);
    // 9,600 draws: the standard deviation of the share is 0.0047.
    assertThat(MaskTrial.agreement(mask, new float[mask.length])).isCloseTo(0.3, within(0.02));
  }

  @Test
  void drawsAnotherMaskInAnotherEpochLayerRecordOrRun() {
    float[] mask = mask(0.5, 1, 5, 2);
    assertThat(mask(0.5, 1, 5, 2)).isEqualTo(mask);
    assertUnrelated(mask, mask(0.5, 2, 5, 2));
    assertUnrelated(mask, mask(0.5, 1, 6, 2));
    assertUnrelated(mask, mask(0.5, 1, 5, 3));
    assertUnrelated(mask, MaskTrial.train(new SpatialDropout(0.5), SHAPE, 43, 1, 2, 5));
  }

  @Test
  void isDropoutOnAVector() {
    Shape vector = Shape.ofFeatures(100);
    assertThat(MaskTrial.train(new SpatialDropout(0.4), vector, 42, 1, 2, 5))
        .isEqualTo(MaskTrial.train(new Dropout(0.4), vector, 42, 1, 2, 5));
  }

  @Test
  void passesEverythingOnInEvaluation() {
    assertThat(MaskTrial.evaluate(new SpatialDropout(0.5), SHAPE)).containsOnly(1f);
  }

  @Test
  void rejectsARateThatLeavesNothing() {
    assertThatThrownBy(() -> new SpatialDropout(1))
        .hasMessage("Cannot make a spatial-dropout layer: its rate must be in [0, 1), got 1.0.");
    assertThat(new SpatialDropout(0.2).summary()).isEqualTo("rate 0.2");
  }

  private static float[] mask(double rate, int epoch, long firstRecord, int layer) {
    return MaskTrial.train(new SpatialDropout(rate), SHAPE, 42, epoch, layer, firstRecord);
  }

  private static void assertUnrelated(float[] first, float[] second) {
    assertThat(MaskTrial.agreement(first, second)).isCloseTo(0.5, within(0.03));
  }
}
