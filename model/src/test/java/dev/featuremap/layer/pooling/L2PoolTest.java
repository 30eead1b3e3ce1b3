package dev.featuremap.layer.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.pooling.PoolingWindows.Trial;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class L2PoolTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.concat(
        squares(),
        PoolingWindows.TRIALS.stream()
            .map(trial -> new Case(new L2Pool(trial.window()), trial.input())));
  }

  private static Stream<Case> squares() {
    return Stream.of(
        new Case(new L2Pool(2, 2), new Shape(2, 4, 6)),
        new Case(new L2Pool(2, 2), new Shape(2, 5, 7)),
        new Case(new L2Pool(3, 2), new Shape(1, 7, 6)),
        new Case(new L2Pool(2, 1), new Shape(2, 3, 4)),
        new Case(new L2Pool(1, 1), new Shape(2, 3, 3)),
        new Case(new L2Pool(2, 3), new Shape(2, 6, 5)),
        new Case(new L2Pool(4, 4), new Shape(3, 4, 4)));
  }

  @Test
  void isTheSquareRootOfTheSumOfSquares() {
    float[] output = Outputs.of(new L2Pool(2, 2), new Shape(1, 2, 2), 3, 0, 0, -4);
    assertThat(output).containsExactly(5);
  }

  @Test
  void gradientIsTheShareOfTheNorm() {
    float[] gradient = Outputs.gradientOf(new L2Pool(2, 2), new Shape(1, 2, 2), 3, 0, 0, -4);
    assertThat(gradient).containsExactly(0.6f, 0, 0, -0.8f);
  }

  @Test
  void gradientOfAnAllZeroWindowIsZero() {
    float[] gradient = Outputs.gradientOf(new L2Pool(2, 2), new Shape(1, 2, 2), 0, 0, 0, 0);
    assertThat(gradient).containsOnly(0);
  }

  static Stream<Trial> trials() {
    return PoolingWindows.TRIALS.stream();
  }

  @ParameterizedTest
  @MethodSource("trials")
  void whatLiesOutsideTheInputIsZero(Trial trial) {
    float[] image = PoolingWindows.image(trial.input());
    L2Pool pool = new L2Pool(trial.window());
    Shape out = pool.outputShape(trial.input());
    float[] output = Outputs.of(pool, trial.input(), image);

    for (int o = 0; o < out.size(); o++) {
      double squares =
          PoolingWindows.inside(trial, out, o, image).stream().mapToDouble(x -> x * x).sum();
      assertThat((double) output[o]).isCloseTo(StrictMath.sqrt(squares), within(1e-4));
    }
  }
}
