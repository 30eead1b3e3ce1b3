package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.testing.Specs;
import org.junit.jupiter.api.Test;

class NetworkTableTest {

  @Test
  void listsLayersShapesAndParameters() {
    assertThat(NetworkTable.of(Specs.plan(Texts.THREE_MAPS)))
        .isEqualToNormalizingNewlines(
            """
            layer      type                        output       parameters
            input      images                      [1, 28, 28]           0
            conv1      convolution 5×5, 3 maps     [3, 24, 24]          78
            relu1      relu                        [3, 24, 24]           0
            max_pool1  max-pool 2×2                [3, 12, 12]           0
            dense1     fully-connected 10 outputs  [10, 1, 1]        4,330
            4,408 parameters, loss softmax-cross-entropy
            """);
  }

  @Test
  void tellsWhichConvolutionsTakeWinogradsAlgorithm() {
    assertThat(
            NetworkTable.of(
                    Specs.plan(
                        """
                        input { shape = [3, 8, 8] }
                        layers = [
                          { type = convolution, feature-maps = 16, field = 3, padding = same }
                          { type = convolution, feature-maps = 16, field = 3, padding = same }
                          { type = fully-connected, outputs = 2 }
                        ]
                        """))
                .lines())
        .anyMatch(row -> row.contains("convolution 3×3, 16 maps, padding 1  "))
        .anyMatch(row -> row.contains("convolution 3×3, 16 maps, padding 1, Winograd 4×4  "));
  }

  @Test
  void namesWhatStandsInResidualsAndTellsWhatNormalizationKeeps() {
    String network =
        Texts.layers(
            "{ type = residual, name = block, layers = ["
                + " { type = convolution, name = conv, feature-maps = 1, field = 3, padding = same,"
                + " bias = false }, { type = batch-norm, name = bn } ] }",
            "{ type = relu }",
            "{ type = fully-connected, name = dense, outputs = 10 }");

    assertThat(NetworkTable.of(Specs.plan(network)))
        .isEqualToNormalizingNewlines(
            """
            layer       type                                        output       parameters
            input       images                                      [1, 28, 28]           0
            block.conv  convolution 3×3, 1 map, padding 1, no bias  [1, 28, 28]           9
            block.bn    batch-norm                                  [1, 28, 28]           2
            block       sum of block.bn and input                   [1, 28, 28]           0
            relu1       relu                                        [1, 28, 28]           0
            dense       fully-connected 10 outputs                  [10, 1, 1]        7,850
            7,861 parameters, loss softmax-cross-entropy
            training keeps 13 KB of each image of a mini-batch for batch normalization
            """);
  }
}
