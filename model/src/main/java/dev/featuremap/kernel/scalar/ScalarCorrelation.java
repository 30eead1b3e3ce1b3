package dev.featuremap.kernel.scalar;

import dev.featuremap.kernel.ConvolutionGeometry;
import dev.featuremap.kernel.Correlation;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation of {@link Correlation}: plain loops in the order it states. */
final class ScalarCorrelation implements Correlation {
  private static final int LANES = Lanes.COUNT;

  private final ConvolutionGeometry g;
  private final float[] sums = new float[LANES];

  ScalarCorrelation(ConvolutionGeometry geometry) {
    this.g = geometry;
  }

  @Override
  public void apply(
      float[] input, float[] parameters, int weightsAt, int biasesAt, float[] output) {
    int outputHeight = g.outputHeight();
    int outputWidth = g.outputWidth();
    int to = 0;
    for (int f = 0; f < g.featureMaps(); f++) {
      float bias = biasesAt < 0 ? 0f : parameters[biasesAt + f];
      int weights = weightsAt + f * g.taps();
      for (int y = 0; y < outputHeight; y++) {
        for (int x = 0; x < outputWidth; x++, to += LANES) {
          Arrays.fill(output, to, to + LANES, bias);
          pixel(input, parameters, weights, y, x, output, to);
        }
      }
    }
  }

  private void pixel(
      float[] input, float[] parameters, int weights, int y, int x, float[] output, int to) {
    int corner = g.cornerOffset(y, x);
    for (int c = 0; c < g.channels(); c++) {
      for (int i = g.firstFieldRow(y); i < g.endFieldRow(y); i++) {
        int w = weights + (c * g.fieldHeight() + i) * g.fieldWidth();
        int row = c * g.height() * g.width() + corner;
        for (int j = 0; j < g.fieldWidth(); j++, w++) {
          int from = (row + g.tapOffset(i, j)) * LANES;
          float weight = parameters[w];
          for (int lane = 0; lane < LANES; lane++) {
            output[to + lane] = Fma.of(weight, input[from + lane], output[to + lane]);
          }
        }
      }
    }
  }

  @Override
  public void weightGradient(
      float[] input, float[] outputGradient, float[] parameterGradient, int weightsAt) {
    int w = weightsAt;
    for (int f = 0; f < g.featureMaps(); f++) {
      for (int c = 0; c < g.channels(); c++) {
        for (int i = 0; i < g.fieldHeight(); i++) {
          for (int j = 0; j < g.fieldWidth(); j++, w++) {
            sumProducts(input, outputGradient, f, c, i, j);
            parameterGradient[w] += Lanes.sum(sums, 0);
          }
        }
      }
    }
  }

  private void sumProducts(float[] input, float[] outputGradient, int f, int c, int i, int j) {
    Arrays.fill(sums, 0f);
    int outputHeight = g.outputHeight();
    int outputWidth = g.outputWidth();
    int go = f * outputHeight * outputWidth * LANES;
    for (int y = 0; y < outputHeight; y++) {
      int row = c * g.height() * g.width() + g.cornerOffset(y, 0);
      int from = (row + g.tapOffset(i, j)) * LANES;
      for (int x = 0; x < outputWidth; x++, go += LANES, from += g.stride().columns() * LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] = Fma.of(outputGradient[go + lane], input[from + lane], sums[lane]);
        }
      }
    }
  }

  @Override
  public void biasGradient(float[] outputGradient, float[] parameterGradient, int biasesAt) {
    int pixels = g.outputHeight() * g.outputWidth();
    int go = 0;
    for (int f = 0; f < g.featureMaps(); f++) {
      Arrays.fill(sums, 0f);
      for (int pixel = 0; pixel < pixels; pixel++, go += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] += outputGradient[go + lane];
        }
      }
      parameterGradient[biasesAt + f] += Lanes.sum(sums, 0);
    }
  }
}
