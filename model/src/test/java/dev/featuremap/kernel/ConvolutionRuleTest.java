package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionRuleTest {

  @ParameterizedTest
  @CsvSource({
    "3, 32, 32, 0", // With 1 to 3 channels transforms cost more than the products save.
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
  void layersTakeTilesBySizesAlone(int channels, int size, int featureMaps, int tile) {
    assertThat(tile(ConvolutionRule.layer(same(channels, size, featureMaps), 1, 1)))
        .isEqualTo(tile);
  }

  @ParameterizedTest
  @CsvSource({"3, 32, 32, 0", "16, 32, 16, 4", "64, 6, 64, 2"})
  void inputGradientsTakeTilesAsTheLayerTheyAre(int channels, int size, int featureMaps, int tile) {
    assertThat(tile(ConvolutionRule.inputGradient(same(channels, size, featureMaps), 1, 1)))
        .isEqualTo(tile);
  }

  @ParameterizedTest
  @CsvSource({"32, 16, 64, 4", "31, 16, 64, 0", "32, 16, 63, 0", "64, 4, 64, 0", "64, 8, 64, 4"})
  void weightGradientsNeedChannelsMapsAndTiles(int channels, int size, int featureMaps, int tile) {
    assertThat(tile(ConvolutionRule.weightGradient(same(channels, size, featureMaps), 1, 1)))
        .isEqualTo(tile);
  }

  @Test
  void otherFieldsStridesAndPaddingsAreDirect() {
    assertThat(direct(new ConvolutionGeometry(64, 36, 36, 64, 5, 5, 1), 2)).isTrue();
    assertThat(direct(new ConvolutionGeometry(64, 34, 34, 64, 3, 3, 2), 1)).isTrue();
    assertThat(direct(new ConvolutionGeometry(64, 38, 38, 64, 3, 3, 1), 3)).isTrue();
    assertThat(direct(new ConvolutionGeometry(64, 36, 36, 64, 3, 3, 1), 2)).isFalse();
  }

  private static boolean direct(ConvolutionGeometry g, int padding) {
    return ConvolutionRule.layer(g, padding, padding).isEmpty()
        && ConvolutionRule.inputGradient(g, padding, padding).isEmpty()
        && ConvolutionRule.weightGradient(g, padding, padding).isEmpty();
  }

  private static ConvolutionGeometry same(int channels, int size, int featureMaps) {
    return new ConvolutionGeometry(channels, size + 2, size + 2, featureMaps, 3, 3, 1);
  }

  private static int tile(Optional<WinogradGeometry> tiles) {
    return tiles.map(WinogradGeometry::tile).orElse(0);
  }
}
