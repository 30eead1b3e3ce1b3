package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.pooling.PoolingWindows.Trial;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaxPoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.concat(squares(), windows());
  }

  private static Stream<Case> windows() {
    return Stream.concat(
        PoolingWindows.TRIALS.stream()
            .map(trial -> new Case(new MaxPool(trial.window(), false), trial.input())),
        Stream.of(
            new Case(dilated(2, 3, 1, 2, 2, 1), new Shape(2, 5, 5)),
            new Case(dilated(3, 2, 2, 1, 2, 3), new Shape(1, 7, 6))));
  }

  private static MaxPool dilated(
      int rows, int columns, int rowStride, int columnStride, int rowGap, int columnGap) {
    return new MaxPool(
        new Window(
            new Extent(rows, columns),
            new Extent(rowStride, columnStride),
            new Extent(rowGap, columnGap),
            Optional.of(new Padding(1, 0, 0, 1)),
            true),
        false);
  }

  private static Stream<Case> squares() {
    return Stream.of(
        new Case(new MaxPool(2, 2, 0), new Shape(2, 4, 6)),
        new Case(new MaxPool(2, 2, 0), new Shape(2, 5, 7)),
        new Case(new MaxPool(3, 2, 0), new Shape(1, 7, 6)),
        new Case(new MaxPool(2, 1, 0), new Shape(2, 3, 4)),
        new Case(new MaxPool(1, 1, 0), new Shape(2, 3, 3)),
        new Case(new MaxPool(2, 3, 0), new Shape(2, 6, 5)),
        new Case(new MaxPool(4, 4, 0), new Shape(3, 4, 4)),
        new Case(new MaxPool(3, 2, 1), new Shape(2, 6, 5)),
        new Case(new MaxPool(2, 2, 1), new Shape(1, 4, 3)));
  }

  @Test
  void keepsTheLargestOfEachWindow() {
    float[] output =
        Outputs.of(new MaxPool(2, 2, 0), new Shape(1, 2, 4), 1, 2, -5, -3, 4, 3, -4, -6);
    assertThat(output).containsExactly(4, -3);
  }

  @Test
  void passesNaNOn() {
    float[] output = Outputs.of(new MaxPool(2, 2, 0), new Shape(1, 2, 2), 1, Float.NaN, 3, 2);
    assertThat(output).containsExactly(Float.NaN);
  }

  @Test
  void sendsTheGradientOfATieToTheFirstMaximum() {
    float[] gradient = Outputs.gradientOf(new MaxPool(2, 2, 0), new Shape(1, 2, 2), 1, 7, 7, 7);
    assertThat(gradient).containsExactly(0, 1, 0, 0);
  }

  @Test
  void neverTakesWhatLiesInThePadding() {
    float[] output = Outputs.of(new MaxPool(3, 2, 1), new Shape(1, 2, 2), -1, -2, -3, -4);
    assertThat(output).containsExactly(-1);
  }

  @Test
  void rejectsAPaddingAsLargeAsTheWindow() {
    assertThatThrownBy(() -> new MaxPool(3, 2, 3))
        .hasMessage("Cannot make a max-pool layer: its padding must be from 0 to 2, got 3.");
    assertThat(new MaxPool(3, 2, 1).summary()).isEqualTo("3×3, stride 2, padding 1");
  }

  static Stream<Trial> trials() {
    return PoolingWindows.TRIALS.stream();
  }

  @ParameterizedTest
  @MethodSource("trials")
  void keepsTheLargestInsideTheInputInAsManyPlacesAsPytorch(Trial trial) {
    Window window = trial.window();
    Padding padding = window.padding(trial.input());
    float[] image = PoolingWindows.image(trial.input());
    MaxPool pool = new MaxPool(window, false);

    Shape out = pool.outputShape(trial.input());
    float[] output = Outputs.of(pool, trial.input(), image);

    assertThat(out.height())
        .isEqualTo(
            PoolingWindows.places(
                trial.input().height(),
                window.size().rows(),
                window.stride().rows(),
                padding.top(),
                padding.bottom(),
                window.ceil()));
    for (int o = 0; o < out.size(); o++) {
      assertThat(output[o])
          .isEqualTo(PoolingWindows.max(PoolingWindows.inside(trial, out, o, image)));
    }
  }

  @Test
  void skipsThePixelsInItsGaps() {
    MaxPool pool = new MaxPool(dilatedRow(2, 3), false);
    assertThat(Outputs.of(pool, new Shape(1, 1, 5), 1, 9, 2, 5, 4)).containsExactly(5, 9);
    assertThat(pool.summary()).isEqualTo("1×2, stride 1, dilation 3");
  }

  private static Window dilatedRow(int columns, int gap) {
    return new Window(
        new Extent(1, columns), Extent.ONE, Extent.square(gap), Optional.of(Padding.NONE), false);
  }

  @Test
  void rejectsAPlaceWithoutAnyPixel() {
    // Elements 3 apart, from -1 on: one before the map of 2, one after it.
    Window window =
        new Window(
            new Extent(1, 2),
            Extent.ONE,
            Extent.square(3),
            Optional.of(new Padding(0, 1, 0, 1)),
            false);
    assertThatThrownBy(() -> new MaxPool(window, false).outputShape(new Shape(1, 1, 2)))
        .hasMessage(
            "its 1×2 window of dilation 3 has a place without any pixel of [1, 1, 2] with padding"
                + " [0, 1]");
  }

  @Test
  void namesThePaddingWithWhichItsWindowDoesNotFit() {
    assertThatThrownBy(() -> new MaxPool(5, 1, 1).outputShape(new Shape(1, 2, 2)))
        .hasMessage("its 5×5 window does not fit into [1, 2, 2] with padding 1");
  }

  @Test
  void halvesTwentyFourPixels() {
    Shape output = new MaxPool(2, 2, 0).outputShape(new Shape(20, 24, 24));
    assertThat(output).isEqualTo(new Shape(20, 12, 12));
  }

  @Test
  void rejectsAnInputSmallerThanItsWindow() {
    assertThatThrownBy(() -> new MaxPool(3, 3, 0).outputShape(new Shape(20, 2, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("its 3×3 window does not fit into [20, 2, 4]");
  }

  @Test
  void rejectsAnEmptyWindowAndAStrideBelowOne() {
    assertThatThrownBy(() -> new MaxPool(0, 1, 0))
        .hasMessage("Cannot make a max-pool layer: its window must be from 1 to 65536, got 0.");
    assertThatThrownBy(() -> new MaxPool(2, 0, 0)).hasMessageContaining("its stride");
  }

  @Test
  void summaryNamesAStrideThatDiffersFromTheWindow() {
    assertThat(new MaxPool(2, 2, 0).summary()).isEqualTo("2×2");
    assertThat(new MaxPool(3, 2, 0).summary()).isEqualTo("3×3, stride 2");
  }
}
