package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PreluTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Prelu(false, 0.25), new Shape(3, 5, 6)),
        new Case(new Prelu(true, 0.25), new Shape(3, 5, 6)),
        new Case(new Prelu(false, 0.25), Shape.ofFeatures(10)),
        new Case(new Prelu(true, 0.25), Shape.ofFeatures(10)));
  }

  @Test
  void scalesNegativeActivationsOfAllChannelsAlike() {
    float[] output =
        Outputs.of(
            new Prelu(false, 0.25), new float[] {0.5f}, new Shape(2, 1, 2), -2, 3, -4, Float.NaN);
    assertThat(output).containsExactly(-1, 3, -2, Float.NaN);
  }

  @Test
  void scalesNegativeActivationsByTheSlopeOfTheirChannel() {
    float[] output =
        Outputs.of(
            new Prelu(true, 0.25), new float[] {0.5f, -1f}, new Shape(2, 1, 2), -2, 3, -4, 5);
    assertThat(output).containsExactly(-1, 3, 4, 5);
  }

  @Test
  void learnsOneSlopeOrOneOfEachChannel() {
    assertThat(new Prelu(false, 0.25).parameters(new Shape(8, 4, 4)))
        .extracting(ParameterSpec::name, ParameterSpec::dimensions, ParameterSpec::decays)
        .containsExactly(tuple("weight", List.of(1), false));
    assertThat(new Prelu(true, 0.25).parameters(new Shape(8, 4, 4)))
        .extracting(ParameterSpec::dimensions)
        .containsExactly(List.of(8));
  }

  @Test
  void slopesStartAtTheGivenOne() {
    float[] values = new float[3];
    new Prelu(true, 0.1)
        .parameters(new Shape(3, 4, 4))
        .get(0)
        .initializer()
        .fill(values, 0, 3, 1, 0, 1, 1);
    assertThat(values).containsOnly(0.1f);
  }

  @Test
  void summaryNamesWhatIsUnusual() {
    assertThat(new Prelu(false, 0.25).summary()).isEmpty();
    assertThat(new Prelu(true, 0.25).summary()).isEqualTo("per channel");
    assertThat(new Prelu(true, 0.1).summary()).isEqualTo("per channel, slope 0.1");
    assertThat(new Prelu(false, 0.1).summary()).isEqualTo("slope 0.1");
  }

  @Test
  void rejectsASlopeThatIsNoNumber() {
    assertThatThrownBy(() -> new Prelu(false, Double.NaN))
        .hasMessage("Cannot make a prelu layer: its slope must be a finite number, got NaN.");
  }
}
