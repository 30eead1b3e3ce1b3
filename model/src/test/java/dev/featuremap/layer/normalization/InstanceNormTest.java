package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.DoubleReference;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceNormTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new InstanceNorm(1e-5, false), new Shape(3, 4, 5)),
        new Case(new InstanceNorm(1e-2, true), new Shape(2, 3, 3)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void followsPyTorchsFormula(boolean affine) {
    Shape shape = new Shape(4, 6, 7);
    new DoubleReference(
            new InstanceNorm(1e-5, affine),
            shape,
            2,
            1e-5,
            ImageNormFormulas.groups(shape, 4, 1e-5, affine))
        .verify();
  }

  @Test
  void learnsNothingUnlessItIsAffine() {
    assertThat(new InstanceNorm(1e-5, false).parameters(new Shape(3, 4, 4))).isEmpty();
    assertThat(new InstanceNorm(1e-5, true).parameters(new Shape(3, 4, 4))).hasSize(2);
  }

  @Test
  void rejectsAVector() {
    assertThatThrownBy(() -> new InstanceNorm(1e-5, true).outputShape(Shape.ofFeatures(8)))
        .hasMessage(
            "it normalizes the pixels of each channel, got [8, 1, 1] with one pixel, which is its"
                + " own mean. Put it before the layer that makes a vector");
  }

  @Test
  void rejectsAnEpsilonOutOfRange() {
    assertThatThrownBy(() -> new InstanceNorm(2, true))
        .hasMessage(
            "Cannot make an instance-norm layer: its epsilon must be above 0 and at most 1, got"
                + " 2.0.");
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(new InstanceNorm(1e-5, false).summary()).isEmpty();
    assertThat(new InstanceNorm(1e-3, true).summary()).isEqualTo("epsilon 0.001, affine");
  }
}
