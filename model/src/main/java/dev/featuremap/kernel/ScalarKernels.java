package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;

/** The reference implementation: plain loops in the order {@link Kernels} states. */
public final class ScalarKernels implements Kernels {
  private static final int LANES = Lanes.COUNT;

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void convolve(
      ConvolutionGeometry g,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output) {
    int outputHeight = g.outputHeight();
    int outputWidth = g.outputWidth();
    int to = 0;
    for (int f = 0; f < g.featureMaps(); f++) {
      float bias = biasesAt < 0 ? 0f : parameters[biasesAt + f];
      int weights = weightsAt + f * g.taps();
      for (int y = 0; y < outputHeight; y++) {
        for (int x = 0; x < outputWidth; x++, to += LANES) {
          Arrays.fill(output, to, to + LANES, bias);
          convolvePixel(g, input, parameters, weights, y * g.stride(), x * g.stride(), output, to);
        }
      }
    }
  }

  private static void convolvePixel(
      ConvolutionGeometry g,
      float[] input,
      float[] parameters,
      int weights,
      int top,
      int left,
      float[] output,
      int to) {
    int w = weights;
    for (int c = 0; c < g.channels(); c++) {
      for (int i = 0; i < g.fieldHeight(); i++) {
        int from = ((c * g.height() + top + i) * g.width() + left) * LANES;
        for (int j = 0; j < g.fieldWidth(); j++, w++, from += LANES) {
          float weight = parameters[w];
          for (int lane = 0; lane < LANES; lane++) {
            output[to + lane] = Math.fma(weight, input[from + lane], output[to + lane]);
          }
        }
      }
    }
  }

  @Override
  public void convolveWeightGradient(
      ConvolutionGeometry g,
      float[] input,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt) {
    float[] sums = new float[LANES];
    int w = weightsAt;
    for (int f = 0; f < g.featureMaps(); f++) {
      for (int c = 0; c < g.channels(); c++) {
        for (int i = 0; i < g.fieldHeight(); i++) {
          for (int j = 0; j < g.fieldWidth(); j++, w++) {
            correlate(g, input, outputGradient, f, c, i, j, sums);
            parameterGradient[w] += Lanes.sum(sums, 0);
          }
        }
      }
    }
  }

  private static void correlate(
      ConvolutionGeometry g,
      float[] input,
      float[] outputGradient,
      int f,
      int c,
      int i,
      int j,
      float[] sums) {
    Arrays.fill(sums, 0f);
    int outputHeight = g.outputHeight();
    int outputWidth = g.outputWidth();
    int go = f * outputHeight * outputWidth * LANES;
    for (int y = 0; y < outputHeight; y++) {
      int from = ((c * g.height() + y * g.stride() + i) * g.width() + j) * LANES;
      for (int x = 0; x < outputWidth; x++, go += LANES, from += g.stride() * LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] = Math.fma(outputGradient[go + lane], input[from + lane], sums[lane]);
        }
      }
    }
  }

  @Override
  public void biasGradient(
      int channels, int pixels, float[] outputGradient, float[] parameterGradient, int biasesAt) {
    float[] sums = new float[LANES];
    int go = 0;
    for (int c = 0; c < channels; c++) {
      Arrays.fill(sums, 0f);
      for (int pixel = 0; pixel < pixels; pixel++, go += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] += outputGradient[go + lane];
        }
      }
      parameterGradient[biasesAt + c] += Lanes.sum(sums, 0);
    }
  }

  @Override
  public void fullyConnected(
      int inputs,
      int outputs,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output) {
    int w = weightsAt;
    for (int o = 0; o < outputs; o++) {
      int to = o * LANES;
      Arrays.fill(output, to, to + LANES, parameters[biasesAt + o]);
      for (int i = 0; i < inputs; i++, w++) {
        float weight = parameters[w];
        for (int lane = 0; lane < LANES; lane++) {
          output[to + lane] = Math.fma(weight, input[i * LANES + lane], output[to + lane]);
        }
      }
    }
  }

  @Override
  public void fullyConnectedInputGradient(
      int inputs,
      int outputs,
      float[] outputGradient,
      float[] parameters,
      int weightsAt,
      float[] inputGradient) {
    for (int i = 0; i < inputs; i++) {
      int to = i * LANES;
      Arrays.fill(inputGradient, to, to + LANES, 0f);
      for (int o = 0; o < outputs; o++) {
        float weight = parameters[weightsAt + o * inputs + i];
        for (int lane = 0; lane < LANES; lane++) {
          inputGradient[to + lane] =
              Math.fma(weight, outputGradient[o * LANES + lane], inputGradient[to + lane]);
        }
      }
    }
  }

  @Override
  public void fullyConnectedWeightGradient(
      int inputs,
      int outputs,
      float[] input,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt,
      float[] transposedInput) {
    transpose(inputs, input, transposedInput);
    for (int o = 0; o < outputs; o++) {
      int w = weightsAt + o * inputs;
      for (int lane = 0; lane < LANES; lane++) {
        float gradient = outputGradient[o * LANES + lane];
        int from = lane * inputs;
        for (int i = 0; i < inputs; i++) {
          parameterGradient[w + i] =
              Math.fma(gradient, transposedInput[from + i], parameterGradient[w + i]);
        }
      }
    }
  }

  /** Turns {@code [inputs, 16]} into {@code [16, inputs]}. */
  static void transpose(int inputs, float[] input, float[] transposed) {
    for (int i = 0; i < inputs; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        transposed[lane * inputs + i] = input[i * LANES + lane];
      }
    }
  }

  @Override
  public void maxPool(PoolingGeometry g, float[] input, float[] output) {
    int to = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++, to += LANES) {
          int corner = ((c * g.height() + y * g.stride()) * g.width() + x * g.stride()) * LANES;
          System.arraycopy(input, corner, output, to, LANES);
          for (int tap = 1; tap < g.window() * g.window(); tap++) {
            int from = corner + tapOffset(g, tap);
            for (int lane = 0; lane < LANES; lane++) {
              output[to + lane] = Math.max(output[to + lane], input[from + lane]);
            }
          }
        }
      }
    }
  }

  @Override
  public void maxPoolGradient(
      PoolingGeometry g,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient) {
    Arrays.fill(inputGradient, 0, g.channels() * g.height() * g.width() * LANES, 0f);
    int at = 0;
    for (int c = 0; c < g.channels(); c++) {
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++, at += LANES) {
          int corner = ((c * g.height() + y * g.stride()) * g.width() + x * g.stride()) * LANES;
          for (int lane = 0; lane < LANES; lane++) {
            int winner = firstMaximum(g, input, corner + lane, output[at + lane]);
            if (winner >= 0) {
              inputGradient[winner] += outputGradient[at + lane];
            }
          }
        }
      }
    }
  }

  private static int firstMaximum(PoolingGeometry g, float[] input, int corner, float maximum) {
    for (int tap = 0; tap < g.window() * g.window(); tap++) {
      int from = corner + tapOffset(g, tap);
      if (input[from] == maximum) {
        return from;
      }
    }
    return -1;
  }

  /** Distance of the window's {@code tap}-th element, by rows, from its corner. */
  static int tapOffset(PoolingGeometry g, int tap) {
    return (tap / g.window() * g.width() + tap % g.window()) * LANES;
  }

  @Override
  public void sigmoid(float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = FloatMath.sigmoid(input[k]);
    }
  }

  @Override
  public void tanh(float[] input, float[] output, int length) {
    for (int k = 0; k < length; k++) {
      output[k] = FloatMath.tanh(input[k]);
    }
  }
}
