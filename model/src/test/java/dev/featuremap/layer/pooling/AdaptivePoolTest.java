package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdaptivePoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return sizes()
        .flatMap(
            size ->
                Stream.of(
                    new Case(new AdaptiveAveragePool(size), new Shape(2, 5, 6)),
                    new Case(new AdaptiveMaxPool(size), new Shape(2, 5, 6))));
  }

  /** Touching, overlapping, single, all, and more than there are pixels. */
  static Stream<Extent> sizes() {
    return Stream.of(
        new Extent(5, 3),
        new Extent(2, 4),
        new Extent(3, 5),
        Extent.ONE,
        new Extent(5, 6),
        new Extent(1, 4),
        new Extent(7, 9));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void regionsReachFromTheFloorToTheCeiling(Extent size) {
    Shape input = new Shape(2, 5, 6);
    float[] image = PoolingWindows.image(input);

    float[] means = Outputs.of(new AdaptiveAveragePool(size), input, image);
    float[] maxima = Outputs.of(new AdaptiveMaxPool(size), input, image);

    for (int o = 0; o < means.length; o++) {
      int y = o / size.columns() % size.rows();
      int x = o % size.columns();
      List<Float> pixels =
          PoolingWindows.inside(
              input,
              o / size.size(),
              (int) Math.floor(y * 5.0 / size.rows()),
              (int) Math.ceil((y + 1) * 5.0 / size.rows()),
              (int) Math.floor(x * 6.0 / size.columns()),
              (int) Math.ceil((x + 1) * 6.0 / size.columns()),
              image);
      double mean = PoolingWindows.mean(pixels, pixels.size());
      assertThat((double) means[o]).isCloseTo(mean, within(1e-5));
      assertThat(maxima[o]).isEqualTo(PoolingWindows.max(pixels));
    }
  }

  @Test
  void sevenRowsBecomeThreeThatShareTwo() {
    // Rows 0 to 2, 2 to 4 and 4 to 6 of 7.
    Shape input = new Shape(1, 7, 1);
    LayerSpec average = new AdaptiveAveragePool(new Extent(3, 1));
    assertThat(Outputs.of(average, input, 0, 1, 2, 3, 4, 5, 6)).containsExactly(1, 3, 5);
    LayerSpec max = new AdaptiveMaxPool(new Extent(3, 1));
    assertThat(Outputs.gradientOf(max, input, 0, 1, 2, 1, 2, 5, 6))
        .containsExactly(0, 0, 2, 0, 0, 0, 1);
  }

  @Test
  void sendsTheGradientOfATieToTheFirstMaximumAndNoneOfNaN() {
    LayerSpec max = new AdaptiveMaxPool(new Extent(1, 2));
    assertThat(Outputs.gradientOf(max, new Shape(1, 1, 3), 5, 5, 5)).containsExactly(1, 1, 0);
    assertThat(Outputs.gradientOf(max, new Shape(1, 1, 3), 5, 6, Float.NaN))
        .containsExactly(0, 1, 0);
    assertThat(Outputs.of(max, new Shape(1, 1, 3), 5, 6, Float.NaN)).containsExactly(6, Float.NaN);
  }

  @Test
  void namesTheSizeOfItsOutput() {
    assertThat(new AdaptiveAveragePool(new Extent(2, 3)).summary()).isEqualTo("to 2×3");
    assertThatThrownBy(() -> new AdaptiveMaxPool(new Extent(0, 1)))
        .hasMessage(
            "Cannot make a adaptive-max-pool layer: its output must be from 1 to 65536, got 0.");
  }

  @Test
  void rejectsRegionsThatAreTooLargeToTellWinners() {
    Shape large = new Shape(1, 8_000, 8_001);
    assertThatThrownBy(() -> new AdaptiveMaxPool(new Extent(1, 2)).outputShape(large))
        .hasMessage(
            "its output of 1×2 leaves regions of more than 16777216 pixels of [1, 8000, 8001]");
    assertThatThrownBy(() -> new GlobalMaxPool().outputShape(large))
        .hasMessage("its window must have at most 16777216 elements, got 64008000");
  }
}
