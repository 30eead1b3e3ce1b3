package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeakyReluTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new LeakyRelu(0.01), new Shape(3, 5, 6)),
        new Case(new LeakyRelu(0.25), Shape.ofFeatures(10)));
  }

  @Test
  void scalesNegativeActivations() {
    float[] output = Outputs.of(new LeakyRelu(0.25), Shape.ofFeatures(3), -2, 0, 3);
    assertThat(output).containsExactly(-0.5f, 0, 3);
    assertThat(new LeakyRelu(0.25).summary()).isEqualTo("slope 0.25");
  }

  @Test
  void rejectsASlopeOfOne() {
    assertThatThrownBy(() -> new LeakyRelu(1))
        .hasMessage("Cannot make a leaky-relu layer: its slope must be in [0, 1), got 1.0.");
  }
}
