package dev.featuremap.layer.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.init.Initializer;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FullyConnectedTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(fullyConnected(3), Shape.ofFeatures(5)),
        new Case(fullyConnected(1), Shape.ofFeatures(17)),
        new Case(fullyConnected(10), Shape.ofFeatures(1)),
        new Case(fullyConnected(7), new Shape(3, 4, 2)),
        new Case(unbiased(3), Shape.ofFeatures(5)),
        new Case(unbiased(7), new Shape(3, 4, 2)));
  }

  @Test
  void thirtyNeuronsOn784PixelsHave23550Parameters() {
    List<ParameterSpec> parameters = fullyConnected(30).parameters(new Shape(1, 28, 28));
    assertThat(parameters.stream().mapToInt(ParameterSpec::size).sum())
        .isEqualTo(784 * 30 + 30)
        .isEqualTo(23_550);
  }

  @Test
  void takesFeatureMapsAsOneVector() {
    FullyConnected layer = fullyConnected(4);
    assertThat(layer.outputShape(new Shape(20, 12, 12))).isEqualTo(new Shape(4, 1, 1));
    ParameterSpec weight = layer.parameters(new Shape(20, 12, 12)).get(0);
    assertThat(weight.dimensions()).containsExactly(4, 2880);
    assertThat(weight.fanIn()).isEqualTo(2880);
    assertThat(weight.fanOut()).isEqualTo(4);
  }

  @Test
  void rejectsMoreWeightsThanOneArrayHolds() {
    assertThatThrownBy(() -> fullyConnected(100_000).parameters(new Shape(100, 100, 10)))
        .hasMessage(
            "Cannot hold weight of [100000, 100000]: one array holds at most 2147483639 values.");
  }

  @Test
  void rejectsALayerWithoutOutputs() {
    assertThatThrownBy(() -> fullyConnected(0))
        .hasMessageContaining("fully-connected layer: its outputs must be from 1");
  }

  @Test
  void summaryCountsOutputs() {
    assertThat(fullyConnected(30).summary()).isEqualTo("30 outputs");
    assertThat(fullyConnected(1).summary()).isEqualTo("1 output");
    assertThat(unbiased(1).summary()).isEqualTo("1 output, no bias");
  }

  @Test
  void hasNoBiasWhereNoneIsWanted() {
    assertThat(unbiased(2).parameters(Shape.ofFeatures(3)))
        .extracting(ParameterSpec::name)
        .containsExactly("weight");
    float[] weights = {1, 2, 3, 4, 5, 6};
    assertThat(Outputs.of(unbiased(2), weights, Shape.ofFeatures(3), 1, 10, 100))
        .containsExactly(321, 654);
  }

  private static FullyConnected fullyConnected(int outputs) {
    return new FullyConnected(outputs, Initializer.HE_NORMAL, Optional.of(Initializer.ZEROS));
  }

  private static FullyConnected unbiased(int outputs) {
    return new FullyConnected(outputs, Initializer.HE_NORMAL, Optional.empty());
  }
}
