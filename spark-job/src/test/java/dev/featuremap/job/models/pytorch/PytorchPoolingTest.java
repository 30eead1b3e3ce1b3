package dev.featuremap.job.models.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.SampleNetworks;
import java.util.List;
import org.junit.jupiter.api.Test;

class PytorchPoolingTest {

  @Test
  void padsBeforeAConvolutionThatIsPaddedOnOneSide() {
    assertThat(
            source(
                "type = convolution, name = conv, feature-maps = 2, field = [3, 2], stride = [2, 1], padding = [0, 1, 2, 3]"))
        .contains("\"conv\": nn.Conv2d(1, 2, (3, 2), stride=(2, 1))")
        .contains("self[\"conv\"](F.pad(x, (1, 3, 0, 2)))");
    assertThat(
            source(
                "type = convolution, name = conv, feature-maps = 2, field = 3, stride = 2, padding = same"))
        .contains("nn.Conv2d(1, 2, 3, stride=2)")
        .contains("self[\"conv\"](F.pad(x, (1, 1, 0, 1)))");
  }

  @Test
  void takesPytorchsOwnOptionsWhereItHasThem() {
    assertThat(
            source("type = max-pool, window = [3, 2], stride = 2, padding = 1, ceil-mode = true"))
        .contains("x = F.max_pool2d(x, (3, 2), stride=2, padding=1, ceil_mode=True)  # [1, 4, 4]");
    assertThat(
            source(
                "type = average-pool, window = 3, stride = [1, 2], padding = [0, 1], count-padding = false"))
        .contains("x = F.avg_pool2d(x, 3, stride=(1, 2), padding=(0, 1), count_include_pad=False)");
    assertThat(source("type = max-pool, window = 2, stride = 1, dilation = [2, 3]"))
        .contains("x = F.max_pool2d(x, 2, stride=1, dilation=(2, 3))");
    assertThat(source("type = adaptive-average-pool, output = [2, 5]"))
        .contains("x = F.adaptive_avg_pool2d(x, (2, 5))");
    assertThat(source("type = adaptive-max-pool, output = 4"))
        .contains("x = F.adaptive_max_pool2d(x, 4)");
    assertThat(source("type = global-max-pool")).contains("x = x.amax((2, 3))  # [1]");
  }

  @Test
  void padsFirstWhereItHasNone() {
    assertThat(source("type = max-pool, window = 3, stride = 1, padding = [0, 0, 1, 2]"))
        .contains("x = F.max_pool2d(F.pad(x, (0, 2, 0, 1), value=float(\"-inf\")), 3, stride=1)");
    assertThat(source("type = l2-pool, window = 2, stride = 1, padding = 1"))
        .contains("x = F.lp_pool2d(F.pad(x, (1, 1, 1, 1)), 2.0, 2, stride=1)");
    assertThat(source("type = average-pool, window = 3, stride = 1, padding = [0, 0, 1, 2]"))
        .contains("x = F.avg_pool2d(F.pad(x, (0, 2, 0, 1)), 3, stride=1)");
  }

  @Test
  void dividesByTheShareThatCounts() {
    assertThat(
            source(
                "type = average-pool, window = 3, stride = 1, padding = [0, 0, 1, 2], count-padding = false"))
        .contains(
            "x = (F.avg_pool2d(F.pad(x, (0, 2, 0, 1)), 3, stride=1)"
                + " / F.avg_pool2d(F.pad(torch.ones_like(x[:1, :1]), (0, 2, 0, 1)), 3, stride=1))");
  }

  /** The source of a network of one such layer over 6 rows and 7 columns. */
  private static String source(String layer) {
    String network =
        "input.shape = [1, 6, 7], layers = [{ %s }, { type = fully-connected, outputs = 2 }]"
            .formatted(layer);
    return PytorchSource.of(SampleNetworks.random(network, List.of()));
  }
}
