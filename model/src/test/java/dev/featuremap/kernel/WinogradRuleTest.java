package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WinogradRuleTest {

  @ParameterizedTest
  @CsvSource({
    "3, 32, 32, 0", // 1-to-3-channel inputs: transforms cost more than the products save.
    "8, 28, 8, 0",
    "16, 32, 16, 4",
    "32, 16, 64, 4",
    "64, 32, 64, 4",
    "256, 8, 256, 4",
    "64, 7, 64, 4",
    "64, 6, 64, 2", // 4 tiles of 36 points or 9 tiles of 16 points are 144 multiplications.
    "64, 2, 64, 2",
    "64, 1, 64, 0"
  })
  void tileDependsOnSizesAlone(int channels, int size, int featureMaps, int tile) {
    int chosen =
        WinogradRule.geometry(channels, size, size, featureMaps, 1, 1)
            .map(WinogradGeometry::tile)
            .orElse(0);

    assertThat(chosen).isEqualTo(tile);
  }

  @ParameterizedTest
  @CsvSource({"32, 64, 1, true", "31, 64, 1, false", "32, 63, 1, false"})
  void weightGradientNeedsChannelsAndMaps(int channels, int featureMaps, int blocks, boolean pays) {
    WinogradGeometry g = new WinogradGeometry(channels, 16, 16, featureMaps, 1, 1, 4);

    assertThat(WinogradRule.gradientPays(g, blocks)).isEqualTo(pays);
  }

  @Test
  void weightGradientNeedsTiles() {
    WinogradGeometry g = new WinogradGeometry(64, 8, 8, 64, 1, 1, 4);

    assertThat(WinogradRule.gradientPays(g, 1)).isFalse();
    assertThat(WinogradRule.gradientPays(g, 2)).isTrue();
  }
}
