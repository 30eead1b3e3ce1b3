package dev.featuremap.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.DoubleReference;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayerScaleTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new LayerScale(1e-6), new Shape(3, 5, 6)),
        new Case(new LayerScale(1), Shape.ofFeatures(10)));
  }

  @Test
  void multipliesEachChannel() {
    Shape shape = new Shape(4, 5, 3);
    new DoubleReference(
            new LayerScale(1),
            shape,
            0.5,
            1e-6,
            (factors, image) -> {
              double[] output = new double[image.length];
              for (int k = 0; k < image.length; k++) {
                output[k] = factors[k / 15] * image[k];
              }
              return output;
            })
        .verify();
  }

  @Test
  void startsEveryFactorAtOneNumberUnderTheNameOfPyTorchsParameter() {
    NetworkPlan plan =
        Specs.plan(
            """
            input { shape = [3, 4, 4] }
            layers = [
              { type = residual, name = features.1.0, layers = [
                { type = layer-scale, name = layer_scale, initial = 0.25 } ] }
              { type = fully-connected, name = fc, outputs = 2 }
            ]
            """);

    assertThat(plan.tensors())
        .extracting(PlannedTensor::name)
        .containsExactly("features.1.0.layer_scale", "fc.weight", "fc.bias");
    assertThat(plan.tensors().get(0).spec().dimensions()).containsExactly(3, 1, 1);
    assertThat(plan.tensors().get(0).spec().decays()).isFalse();
    assertThat(plan.initialParameters(1)).startsWith(0.25f, 0.25f, 0.25f);
  }

  @Test
  void hasOneAxisOnAVector() {
    assertThat(new LayerScale(1).parameters(Shape.ofFeatures(5)))
        .extracting(ParameterSpec::dimensions)
        .containsExactly(List.of(5));
  }

  @Test
  void startsAtAMillionthByDefault() {
    NetworkPlan plan =
        Specs.plan(
            "input.shape = [2, 1, 1], layers = [{ type = layer-scale }, { type = fully-connected, outputs = 2 }]");
    assertThat(plan.initialParameters(1)).startsWith(1e-6f, 1e-6f);
    assertThat(plan.layers().get(0).spec().summary()).isEmpty();
    assertThat(new LayerScale(0.1).summary()).isEqualTo("initial 0.1");
  }

  @Test
  void rejectsANameThatAnotherLayersTensorHas() {
    assertThatThrownBy(
            () ->
                Specs.plan(
                    """
                    input.shape = [2, 4, 4]
                    layers = [
                      { type = batch-norm, name = bn }
                      { type = layer-scale, name = bn.weight }
                      { type = fully-connected, outputs = 2 }
                    ]
                    """))
        .hasMessage(
            "Cannot name the tensor bn.weight of layer bn.weight: another layer has a tensor of that"
                + " name. Name one of the layers differently.");
  }

  @Test
  void rejectsAFactorThatNoFloatHolds() {
    assertThatThrownBy(() -> new LayerScale(1e39))
        .hasMessage(
            "Cannot make a layer-scale layer: its initial factor must be a finite float, got"
                + " 1.0E39.");
  }
}
