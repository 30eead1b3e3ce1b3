package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new Scale(0.5, 1), new Shape(3, 5, 6)),
        new Case(new Scale(-2, 0), Shape.ofFeatures(10)));
  }

  @Test
  void multipliesAndAdds() {
    float[] output = Outputs.of(new Scale(0.5, 3), Shape.ofFeatures(3), -2, 0, 3);
    assertThat(output).containsExactly(2, 3, 4.5f);
    assertThat(new Scale(0.5, 3).summary()).isEqualTo("factor 0.5, offset 3.0");
    assertThat(new Scale(1, 3).summary()).isEqualTo("offset 3.0");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1e-60, 1", "NaN, 1", "1e60, 1", "1, Infinity"})
  void rejectsWhatIsNoFunctionOfTheInput(double factor, double offset) {
    assertThatThrownBy(() -> new Scale(factor, offset))
        .hasMessage(
            "Cannot make a scale layer: its factor must be a number other than 0 and its offset a"
                + " number, got %s and %s.",
            factor, offset);
  }
}
