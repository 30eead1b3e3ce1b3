package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.tensor.Lanes;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Winograd convolution computes, against naive sums in double. */
class WinogradTest {
  private static final double UNIT = 0x1p-24;

  static Stream<WinogradGeometry> geometries() {
    return Stream.of(2, 4)
        .flatMap(
            tile ->
                Stream.of(
                    new WinogradGeometry(1, 3, 3, 1, 0, 0, tile),
                    new WinogradGeometry(2, 1, 2, 3, 1, 2, tile),
                    new WinogradGeometry(3, 8, 8, 6, 1, 1, tile),
                    new WinogradGeometry(5, 7, 10, 7, 2, 0, tile),
                    new WinogradGeometry(4, 13, 5, 13, 0, 2, tile)));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void outputIsTheSumOverChannelsAndFieldPlusTheBias(WinogradGeometry g) {
    float[] parameters = uniform(1, 9 * g.channels() * g.featureMaps() + g.featureMaps());
    float[][] input = {uniform(2, g.inputBlockSize()), uniform(3, g.inputBlockSize())};
    int biasesAt = 9 * g.channels() * g.featureMaps();

    for (Kernels kernels : List.of(KernelTwinContract.SCALAR, KernelTwinContract.VECTOR)) {
      float[][] output = apply(kernels, g, input, parameters, biasesAt, false);
      for (int block = 0; block < input.length; block++) {
        double[] expected = convolve(g, input[block], parameters, false);
        for (int k = 0; k < expected.length; k++) {
          double bias = parameters[biasesAt + k / (expected.length / g.featureMaps())];
          assertThat(Math.abs(output[block][k] - expected[k] - bias))
              .as("element %s of %s", k, kernels.name())
              .isLessThan(1e-5);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void inputGradientIsTheTransposedConvolution(WinogradGeometry g) {
    // <outputGradient, convolution(input)> = <inputGradient, input> for a linear map and its
    // transpose.
    float[] parameters = uniform(1, 9 * g.channels() * g.featureMaps());
    float[] input = uniform(2, g.inputBlockSize());
    float[] outputGradient = uniform(3, g.outputBlockSize());
    double[] output = convolve(g, input, parameters, false);

    float[][] blocks = {outputGradient};
    float[] inputGradient =
        apply(KernelTwinContract.VECTOR, g.inputGradient(), blocks, parameters, -1, true)[0];

    double left = 0;
    for (int k = 0; k < output.length; k++) {
      left += outputGradient[k] * output[k];
    }
    double right = 0;
    for (int k = 0; k < input.length; k++) {
      right += (double) inputGradient[k] * input[k];
    }
    assertThat(inputGradient).hasSameSizeAs(input);
    assertThat(Math.abs(left - right)).isLessThan(1e-6 * input.length);
  }

  @ParameterizedTest
  @CsvSource({"2, -1, 4", "2, 0, 4", "4, -1, 16", "4, 0, 16"})
  void errorStaysBelowItsBoundWith256Channels(int tile, float lowest, double bound) {
    WinogradGeometry g = new WinogradGeometry(256, 14, 14, 4, 1, 1, tile);
    float[] parameters = uniform(1, 9 * 256 * 4);
    float[] input = uniform(2, g.inputBlockSize());
    for (int k = 0; k < input.length; k++) {
      input[k] = Math.max(input[k], lowest);
    }
    double[] expected = convolve(g, input, parameters, false);
    double[] magnitudes = convolve(g, input, parameters, true);

    float[][] blocks = {input};
    float[] output = apply(KernelTwinContract.VECTOR, g, blocks, parameters, -1, false)[0];

    double largest = 0;
    for (int k = 0; k < output.length; k++) {
      largest = Math.max(largest, Math.abs(output[k] - expected[k]) / magnitudes[k]);
    }
    assertThat(largest / UNIT).isBetween(0.5, bound);
  }

  private static float[][] apply(
      Kernels kernels,
      WinogradGeometry g,
      float[][] input,
      float[] parameters,
      int biasesAt,
      boolean turned) {
    Winograd winograd = kernels.winograd(g, UsedScratch.create());
    float[] transformed = new float[g.transformedSize()];
    float[][] output = new float[input.length][g.outputBlockSize()];
    winograd.transformWeights(parameters, 0, turned, transformed, 0, 1);
    winograd.apply(input.length, input, transformed, parameters, biasesAt, output);
    return output;
  }

  /** The sum over channels and field, or that of its terms' magnitudes. */
  private static double[] convolve(
      WinogradGeometry g, float[] input, float[] weights, boolean magnitudes) {
    double[] output = new double[g.outputBlockSize()];
    for (int k = 0; k < output.length; k++) {
      int pixel = k / Lanes.COUNT;
      int f = pixel / (g.outputHeight() * g.outputWidth());
      int top = pixel / g.outputWidth() % g.outputHeight() - g.rowPadding();
      int left = pixel % g.outputWidth() - g.columnPadding();
      for (int tap = 0; tap < 9 * g.channels(); tap++) {
        int y = top + tap % 9 / 3;
        int x = left + tap % 3;
        if (y >= 0 && y < g.height() && x >= 0 && x < g.width()) {
          int in = ((tap / 9 * g.height() + y) * g.width() + x) * Lanes.COUNT + k % Lanes.COUNT;
          double term = (double) weights[f * 9 * g.channels() + tap] * input[in];
          output[k] += magnitudes ? Math.abs(term) : term;
        }
      }
    }
    return output;
  }

  /** Uniform numbers in [-1, 1). */
  private static float[] uniform(long seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = random.nextFloat() * 2f - 1f;
    }
    return values;
  }

  @Test
  void inputGradientHasTheSizesOfTheInput() {
    WinogradGeometry g = new WinogradGeometry(3, 7, 9, 5, 0, 2, 4).inputGradient();

    assertThat(g).isEqualTo(new WinogradGeometry(5, 5, 11, 3, 2, 0, 4));
    assertThat(g.outputHeight()).isEqualTo(7);
    assertThat(g.outputWidth()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6})
  void tilesOfOtherSizesAreRefused(int tile) {
    assertThatThrownBy(() -> new WinogradGeometry(1, 8, 8, 1, 1, 1, tile))
        .hasMessage(
            "Cannot cut a convolution into tiles: tile must be 2 or 4, got %s.".formatted(tile));
  }

  @Test
  void paddingBeyondTwoIsRefused() {
    assertThatThrownBy(() -> new WinogradGeometry(1, 8, 8, 1, 1, 3, 4))
        .hasMessage("Cannot cut a convolution into tiles: padding must be 0 to 2, got 1 and 3.");
  }

  @Test
  void inputsSmallerThanTheFieldAreRefused() {
    assertThatThrownBy(() -> new WinogradGeometry(1, 2, 8, 1, 0, 0, 4))
        .hasMessage(
            "Cannot cut a convolution into tiles: the padded input must hold a 3 x 3 field,"
                + " got 2 x 8.");
  }
}
