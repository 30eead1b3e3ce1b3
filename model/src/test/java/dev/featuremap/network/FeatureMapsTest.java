package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureMapsTest {

  @Test
  void showsWhatTheVerticalEdgeFilterMakesOfTheTextsImage() {
    NetworkPlan plan =
        Specs.plan(
            """
            input { shape = [1, 6, 6], mean = 0, deviation = 1 }
            layers = [
              { type = convolution, name = edges, feature-maps = 1, field = 3 }
              { type = relu }
              { type = fully-connected, outputs = 2 }
            ]
            """);
    float[] model = new float[plan.parameters()];
    for (int row = 0; row < 3; row++) {
      model[3 * row] = 1;
      model[3 * row + 2] = -1;
    }
    float[] pixels = new float[36 * Lanes.COUNT];
    for (int row = 0; row < 6; row++) {
      for (int column = 0; column < 3; column++) {
        pixels[(6 * row + column) * Lanes.COUNT + 5] = 10;
      }
    }

    List<FeatureMaps> maps = FeatureMaps.of(plan, KernelLookup.kernels(), model, pixels);

    assertThat(maps).extracting(FeatureMaps::name).startsWith("edges", "relu1");
    assertThat(maps.get(0).shape()).isEqualTo(new Shape(1, 4, 4));
    assertThat(maps.get(0).image(5))
        .containsExactly(0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0);
    assertThat(maps.get(0).image(4)).containsOnly(0);
  }

  @Test
  void showsTheFirstStepsOfANetworkThatIsTooLargeForAll() {
    NetworkPlan plan =
        Specs.plan(
            """
            input { shape = [1, 256, 256], mean = 0, deviation = 1 }
            layers = [
              { type = convolution, name = first, feature-maps = 12, field = 1 }
              { type = convolution, name = second, feature-maps = 12, field = 1 }
              { type = global-average-pool }
              { type = fully-connected, outputs = 2 }
            ]
            """);

    List<FeatureMaps> maps =
        FeatureMaps.of(
            plan,
            KernelLookup.kernels(),
            plan.initialState(1, 0),
            new float[256 * 256 * Lanes.COUNT]);

    assertThat(maps).extracting(FeatureMaps::name).containsExactly("first");
  }
}
