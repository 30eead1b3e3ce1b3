package dev.featuremap.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "conv1, conv1, true",
    "conv1, conv10, false",
    "conv1, conv1.weight, true",
    "layer1, layer1.0.conv1, true",
    "layer1, layer10.0.conv1, false",
    "layer1.*, layer1.0.conv1, true",
    "layer1.*, layer1, false",
    "layer?.0, layer2.0.bn1, true",
    "*.bias, layer1.0.bn1.bias, true",
    "*.bias, bias, false",
    "*, anything.at.all, true",
    "a.c, abc, false",
    "'a+(b', 'a+(b', true",
  })
  void matchesNamesAndWhatLiesWithin(String pattern, String name, boolean matches) {
    assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void spellsOutAllButItsWildcards() {
    assertThat(NamePattern.of("layer?.*").spelledOut()).isEqualTo(6);
    assertThat(NamePattern.of("*").spelledOut()).isZero();
  }
}
