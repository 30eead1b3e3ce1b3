package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureCutTest {
  private static final NetworkPlan NETWORK =
      Specs.plan(
          """
          input { shape = [1, 12, 12] }
          layers = [
            { type = max-pool, name = shrink, window = 2 }
            { type = convolution, name = stem, field = 3, feature-maps = 8, padding = same }
            { type = batch-norm, name = bn }
            { type = relu, name = relu }
            { type = residual, name = body, layers = [
              { type = convolution, name = conv1, field = 3, feature-maps = 8, padding = same }
              { type = relu, name = relu }
              { type = convolution, name = conv2, field = 3, feature-maps = 8, padding = same } ] }
            { type = stochastic-depth, name = depth, rate = 0.1 }
            { type = global-average-pool, name = gap }
            { type = dropout, name = off, rate = 0 }
            { type = dropout, name = drop, rate = 0.3 }
            { type = fully-connected, name = fc, outputs = 10 }
          ]
          """);

  /** What is frozen, how many layers are then computed once, and how many values are kept. */
  @ParameterizedTest
  @CsvSource({
    "stem,                                   2,  288",
    "stem bn,                                4,  288",
    "stem bn body.conv1,                     4,  288",
    "stem bn body.conv2,                     4,  288",
    "stem bn body.conv1 body.conv2,          7,  288",
    "stem bn body.conv1 body.conv2 depth,   10,    8",
    "stem bn body.conv1 body.conv2 depth drop, 11, 8"
  })
  void isBelowAllThatChanges(String frozen, int layers, int values) {
    FeatureCut cut = cut(frozen).orElseThrow();

    assertThat(cut.layers()).isEqualTo(layers);
    assertThat(cut.values()).isEqualTo(values);
    assertThat(cut.above().spec().input().shape()).isEqualTo(cut.below().output());
    assertThat(cut.above().layers()).hasSize(11 + 1 - layers);
    assertThat(cut.above().tensors()).isEqualTo(frozen(frozen).tensors());
    assertThat(cut.above().output()).isEqualTo(new Shape(10, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "bn", "fc", "body.conv1 body.conv2", "depth drop shrink"})
  void isNowhereWithoutAFrozenLayerBelow(String frozen) {
    assertThat(cut(frozen)).isEmpty();
  }

  @Test
  void isNotInTheLastLayer() {
    NetworkPlan all = NETWORK.freeze(name -> true);

    assertThat(all.featureCut().map(FeatureCut::layers)).hasValue(11);
  }

  private static Optional<FeatureCut> cut(String names) {
    return frozen(names).featureCut();
  }

  private static NetworkPlan frozen(String names) {
    Set<String> frozen = Set.of(names.split(" "));
    return NETWORK.freeze(frozen::contains);
  }
}
