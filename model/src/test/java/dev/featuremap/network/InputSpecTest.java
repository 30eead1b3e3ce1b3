package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputSpecTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void keepsPixelsBetweenZeroAndOneByDefault() {
    assertThat(read("shape = [1, 28, 20]"))
        .contains(new InputSpec(new Shape(1, 28, 20), List.of(0.0), List.of(1.0)));
  }

  @Test
  void normalizesEachChannelByItsOwnNumbers() {
    InputSpec input =
        read("shape = [3, 2, 2], mean = [0.1, 0.2, 0.3], deviation = [1, 2, 3]").orElseThrow();

    assertThat(input.means()).containsExactly(0.1, 0.2, 0.3);
    assertThat(input.deviations()).containsExactly(1.0, 2.0, 3.0);
  }

  @Test
  void normalizesAllChannelsByOneNumber() {
    InputSpec input = read("shape = [3, 2, 2], mean = 0.5, deviation = [0.25]").orElseThrow();

    assertThat(input.means()).containsExactly(0.5, 0.5, 0.5);
    assertThat(input.deviations()).containsExactly(0.25, 0.25, 0.25);
  }

  @Test
  void refusesAnotherNumberOfMeansOrDeviationsThanChannels() {
    read("shape = [3, 2, 2], mean = [0.1, 0.2], deviation = [1, 1, 1, 1]");

    assertThat(problems)
        .containsExactly(
            "Cannot normalize the input: mean must have 1 or 3 values, got 2.",
            "Cannot normalize the input: deviation must have 1 or 3 values, got 4.");
  }

  @Test
  void refusesADeviationOfZero() {
    read("shape = [2, 2, 2], deviation = [1, 0]");

    assertThat(problems)
        .containsExactly("Cannot normalize the input: deviation must be above 0, got [1.0, 0.0].");
  }

  @Test
  void refusesShapesThatAreNoImages() {
    read("shape = [28, 28]");
    read("shape = [1, 28, 0]");
    read("shape = [1, 28, 27.5]");
    read("");

    String form = "Cannot read input.shape: expected [channels, height, width], got %s.";
    assertThat(problems)
        .containsExactly(
            form.formatted("[28.0, 28.0]"),
            form.formatted("[1.0, 28.0, 0.0]"),
            form.formatted("[1.0, 28.0, 27.5]"),
            form.formatted("[]"));
  }

  @Test
  void refusesImagesTooLargeForOneArray() {
    read("shape = [3, 10000, 10000]");

    assertThat(problems)
        .containsExactly(
            "Cannot make a shape of [3, 10000, 10000]: 16 images of it exceed one array of 2^31"
                + " floats.");
  }

  private Optional<InputSpec> read(String config) {
    return InputSpec.read(Options.of(ConfigFactory.parseString(config), "input", problems));
  }
}
