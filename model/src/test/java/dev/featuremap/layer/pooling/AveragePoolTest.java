package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.pooling.PoolingWindows.Trial;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AveragePoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.concat(squares(), windows());
  }

  private static Stream<Case> windows() {
    return PoolingWindows.TRIALS.stream()
        .flatMap(
            trial ->
                Stream.of(true, false)
                    .map(counts -> new AveragePool(trial.window(), counts))
                    .map(pool -> new Case(pool, trial.input())));
  }

  private static Stream<Case> squares() {
    return Stream.of(
        new Case(new AveragePool(2, 2), new Shape(2, 4, 6)),
        new Case(new AveragePool(2, 2), new Shape(2, 5, 7)),
        new Case(new AveragePool(3, 2), new Shape(1, 7, 6)),
        new Case(new AveragePool(2, 1), new Shape(2, 3, 4)),
        new Case(new AveragePool(1, 1), new Shape(2, 3, 3)),
        new Case(new AveragePool(2, 3), new Shape(2, 6, 5)),
        new Case(new AveragePool(4, 4), new Shape(3, 4, 4)));
  }

  @Test
  void takesTheMeanOfEachWindow() {
    float[] output = Outputs.of(new AveragePool(2, 2), new Shape(1, 2, 2), 1, 2, 4, 9);
    assertThat(output).containsExactly(4);
  }

  @Test
  void sharesTheGradientEvenly() {
    float[] gradient = Outputs.gradientOf(new AveragePool(2, 2), new Shape(1, 2, 2), 1, 2, 4, 9);
    assertThat(gradient).containsOnly(0.25f);
  }

  static Stream<Trial> trials() {
    return PoolingWindows.TRIALS.stream();
  }

  /** PyTorch divides by {@code (min(start + k, n + padding) - start)²}, or by the pixels inside. */
  @ParameterizedTest
  @MethodSource("trials")
  void countsThePaddingButNotWhatLiesBeyond(Trial trial) {
    Window window = trial.window();
    Shape in = trial.input();
    float[] image = PoolingWindows.image(in);
    AveragePool counting = new AveragePool(window, true);
    Shape out = counting.outputShape(in);
    float[] counted = Outputs.of(counting, in, image);
    float[] uncounted = Outputs.of(new AveragePool(window, false), in, image);
    Padding padding = window.padding(in);

    for (int o = 0; o < out.size(); o++) {
      List<Float> pixels = PoolingWindows.inside(trial, out, o, image);
      int top = o / out.width() % out.height() * window.stride().rows() - padding.top();
      int left = o % out.width() * window.stride().columns() - padding.left();
      int rows = Math.min(top + window.size().rows(), in.height() + padding.bottom()) - top;
      int columns = Math.min(left + window.size().columns(), in.width() + padding.right()) - left;
      double mean = PoolingWindows.mean(pixels, rows * columns);
      assertThat((double) counted[o]).isCloseTo(mean, within(1e-5));
      assertThat((double) uncounted[o])
          .isCloseTo(PoolingWindows.mean(pixels, pixels.size()), within(1e-5));
    }
  }

  @Test
  void summaryTellsThatThePaddingDoesNotCount() {
    Window window = PoolingWindows.window(3, 3, 1, 1, true, 1, 1, 1, 1);
    assertThat(new AveragePool(window, false).summary())
        .isEqualTo("3×3, stride 1, padding 1, ceil-mode, padding not counted");
  }
}
