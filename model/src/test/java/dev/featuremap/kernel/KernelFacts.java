package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Lanes;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What the kernels compute, against naive sums in double. All numbers are small integers, so that
 * every order of summation gives the same exact result.
 */
public abstract class KernelFacts {
  private static final ConvolutionGeometry GEOMETRY =
      new ConvolutionGeometry(3, 9, 11, 5, 3, 2, new Extent(2, 3), Extent.ONE, 0, 0);
  private static final PoolingGeometry POOLING = new PoolingGeometry(2, 7, 8, 3, 2);

  /** Those under test. */
  protected abstract Kernels kernels();

  @Test
  void verticalEdgeFilterFindsTheEdge() {
    // Each row 10 10 10 0 0 0 under 1 0 -1: 10 - 10, 10 - 0, 10 - 0, 0 - 0, times three rows.
    float[] image = new float[6 * 6 * Lanes.COUNT];
    for (int k = 0; k < image.length; k++) {
      image[k] = k / Lanes.COUNT % 6 < 3 ? 10f : 0f;
    }
    float[] filter = {1, 0, -1, 1, 0, -1, 1, 0, -1};
    float[] output = new float[4 * 4 * Lanes.COUNT];

    ConvolutionGeometry g = new ConvolutionGeometry(1, 6, 6, 1, 3, 3, 1);
    kernels().correlation(g).apply(image, filter, 0, -1, output);

    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      assertThat(pixels(output, lane))
          .containsExactly(0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0, 0, 30, 30, 0);
    }
  }

  private static float[] pixels(float[] block, int lane) {
    float[] pixels = new float[block.length / Lanes.COUNT];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = block[k * Lanes.COUNT + lane];
    }
    return pixels;
  }

  @Test
  void convolutionIsTheSumOverChannelsAndField() {
    ConvolutionGeometry g = GEOMETRY;
    float[] input = integers(1, g.inputBlockSize());
    float[] parameters = integers(2, g.weights() + g.featureMaps());
    double[] expected = new double[g.outputBlockSize()];
    for (int k = 0; k < expected.length; k++) {
      expected[k] = parameters[g.weights() + k / (expected.length / g.featureMaps())];
    }
    forEachProduct(g, (w, in, out) -> expected[out] += (double) parameters[w] * input[in]);
    float[] output = new float[expected.length];

    kernels().correlation(g).apply(input, parameters, 0, g.weights(), output);

    areEqual(output, expected);
  }

  @Test
  void convolutionWeightGradientIsTheSumOverPixelsAndImages() {
    ConvolutionGeometry g = GEOMETRY;
    float[] input = integers(1, g.inputBlockSize());
    float[] outputGradient = integers(2, g.outputBlockSize());
    float[] gradient = integers(3, g.weights());
    double[] expected = doubles(gradient);
    forEachProduct(g, (w, in, out) -> expected[w] += (double) outputGradient[out] * input[in]);

    kernels().correlation(g).weightGradient(input, outputGradient, gradient, 0);

    areEqual(gradient, expected);
  }

  private interface Product {
    void at(int weight, int input, int output);
  }

  /** Visits each product of {@code out[f,y,x] = Σ w[f,c,i,j] · in[c, y·s + i, x·s + j]}. */
  private static void forEachProduct(ConvolutionGeometry g, Product product) {
    int fieldSize = g.fieldHeight() * g.fieldWidth();
    for (int w = 0; w < g.weights(); w++) {
      int f = w / g.taps();
      int c = w % g.taps() / fieldSize;
      int i = w % fieldSize / g.fieldWidth();
      int j = w % g.fieldWidth();
      for (int y = 0; y < g.outputHeight(); y++) {
        for (int x = 0; x < g.outputWidth(); x++) {
          int row = c * g.height() + y * g.stride().rows() + i;
          int in = row * g.width() + x * g.stride().columns() + j;
          int out = (f * g.outputHeight() + y) * g.outputWidth() + x;
          for (int lane = 0; lane < Lanes.COUNT; lane++) {
            product.at(w, in * Lanes.COUNT + lane, out * Lanes.COUNT + lane);
          }
        }
      }
    }
  }

  @Test
  void biasGradientIsTheSumOverPixelsAndImages() {
    float[] outputGradient = integers(1, 6 * 10 * Lanes.COUNT);
    float[] gradient = integers(2, 6);
    double[] expected = doubles(gradient);
    for (int k = 0; k < outputGradient.length; k++) {
      expected[k / (10 * Lanes.COUNT)] += outputGradient[k];
    }

    ConvolutionGeometry g = new ConvolutionGeometry(1, 2, 5, 6, 1, 1, 1);
    kernels().correlation(g).biasGradient(outputGradient, gradient, 0);

    areEqual(gradient, expected);
  }

  @Test
  void fullyConnectedIsTheMatrixTimesTheBlockPlusTheBias() {
    float[] input = integers(1, 37 * Lanes.COUNT);
    float[] parameters = integers(2, 37 * 10 + 10);
    double[] expected = new double[10 * Lanes.COUNT];
    for (int k = 0; k < expected.length; k++) {
      int o = k / Lanes.COUNT;
      expected[k] = parameters[37 * 10 + o];
      for (int i = 0; i < 37; i++) {
        expected[k] += (double) parameters[o * 37 + i] * input[i * Lanes.COUNT + k % Lanes.COUNT];
      }
    }
    float[] output = new float[expected.length];

    kernels()
        .fullyConnected(37, 10)
        .forward(1, new float[][] {input}, parameters, 0, 37 * 10, new float[][] {output});

    areEqual(output, expected);
  }

  @Test
  void fullyConnectedInputGradientIsTheTransposedMatrixTimesTheBlock() {
    float[] outputGradient = integers(1, 10 * Lanes.COUNT);
    float[] parameters = integers(2, 37 * 10);
    double[] expected = new double[37 * Lanes.COUNT];
    for (int k = 0; k < expected.length; k++) {
      for (int o = 0; o < 10; o++) {
        int go = o * Lanes.COUNT + k % Lanes.COUNT;
        expected[k] += (double) parameters[o * 37 + k / Lanes.COUNT] * outputGradient[go];
      }
    }
    float[] inputGradient = integers(3, expected.length);

    kernels()
        .fullyConnected(37, 10)
        .inputGradient(
            1, new float[][] {outputGradient}, parameters, 0, new float[][] {inputGradient});

    areEqual(inputGradient, expected);
  }

  @Test
  void fullyConnectedGradientsAreSumsOverImages() {
    float[][] inputs = {integers(1, 80 * Lanes.COUNT), integers(2, 80 * Lanes.COUNT)};
    float[][] gradients = {integers(3, 10 * Lanes.COUNT), integers(4, 10 * Lanes.COUNT)};
    double[] expected = new double[80 * 10 + 10];
    for (int image = 0; image < 2 * Lanes.COUNT; image++) {
      int block = image / Lanes.COUNT;
      int lane = image % Lanes.COUNT;
      for (int o = 0; o < 10; o++) {
        double go = gradients[block][o * Lanes.COUNT + lane];
        expected[80 * 10 + o] += go;
        for (int i = 0; i < 80; i++) {
          expected[o * 80 + i] += go * inputs[block][i * Lanes.COUNT + lane];
        }
      }
    }
    float[] gradient = integers(5, expected.length);
    FullyConnectedGradient sums = kernels().fullyConnectedGradient(80, 10, 2);

    sums.keep(0, inputs[0], gradients[0]);
    sums.keep(1, inputs[1], gradients[1]);
    sums.writeInto(2, gradient, 0, 80 * 10, 0, 1);

    areEqual(gradient, expected);
  }

  @Test
  void softmaxIsTheExponentialsOverTheirSum() {
    float[] logits = integers(1, 7 * Lanes.COUNT);
    float[] p = new float[logits.length];
    float[] largest = new float[Lanes.COUNT];
    float[] sums = new float[Lanes.COUNT];

    kernels().softmax(7, logits, p, largest, sums);

    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      double sum = 0;
      float maximum = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < 7; c++) {
        maximum = Math.max(maximum, logits[c * Lanes.COUNT + lane]);
        sum += StrictMath.exp(logits[c * Lanes.COUNT + lane]);
      }
      assertThat(largest[lane]).isEqualTo(maximum);
      assertThat(sums[lane] * StrictMath.exp(maximum)).isCloseTo(sum, withinPercentage(1e-4));
      for (int k = lane; k < logits.length; k += Lanes.COUNT) {
        assertThat((double) p[k])
            .isCloseTo(StrictMath.exp(logits[k]) / sum, withinPercentage(1e-4));
      }
    }
  }

  @Test
  void maxPoolingKeepsTheLargestOfEachWindow() {
    float[] input = integers(1, 2 * 7 * 8 * Lanes.COUNT);
    float[] output = new float[2 * 3 * 3 * Lanes.COUNT];

    maxPooling().maxima(input, output, null);

    for (int k = 0; k < output.length; k++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int tap = 0; tap < 9; tap++) {
        largest = Math.max(largest, input[windowElement(k, tap)]);
      }
      assertThat(output[k]).isEqualTo(largest);
    }
  }

  @Test
  void maxPoolingSendsEachGradientToTheFirstMaximum() {
    float[] input = integers(1, 2 * 7 * 8 * Lanes.COUNT);
    float[] output = new float[2 * 3 * 3 * Lanes.COUNT];
    float[] winners = new float[output.length];
    maxPooling().maxima(input, output, winners);
    float[] outputGradient = integers(2, output.length);
    double[] expected = new double[input.length];
    for (int k = 0; k < output.length; k++) {
      int tap = 0;
      while (input[windowElement(k, tap)] < output[k]) {
        tap++;
      }
      expected[windowElement(k, tap)] += outputGradient[k];
    }
    float[] inputGradient = integers(3, input.length);

    maxPooling().gradient(winners, outputGradient, inputGradient);

    areEqual(inputGradient, expected);
  }

  @Test
  void maxPoolingRectifies() {
    float[] input = integers(1, 2 * 7 * 8 * Lanes.COUNT);
    float[] largest = new float[2 * 3 * 3 * Lanes.COUNT];
    maxPooling().maxima(input, largest, null);
    float[] output = new float[largest.length];
    float[] winners = new float[largest.length];

    kernels().maxPooling(POOLING, 0f).maxima(input, output, winners);

    for (int k = 0; k < output.length; k++) {
      assertThat(output[k]).isEqualTo(Math.max(largest[k], 0f));
      assertThat(winners[k] >= 0).isEqualTo(largest[k] > 0);
    }
  }

  @Test
  void maxPoolingOfNaNHasNoWinner() {
    float[] input = integers(1, 2 * 7 * 8 * Lanes.COUNT);
    input[windowElement(5, 4)] = Float.NaN;
    float[] output = new float[2 * 3 * 3 * Lanes.COUNT];
    float[] winners = new float[output.length];

    maxPooling().maxima(input, output, winners);

    assertThat(output[5]).isNaN();
    assertThat(winners[5]).isEqualTo(-1f);
  }

  private MaxPooling maxPooling() {
    return kernels().maxPooling(POOLING, Float.NEGATIVE_INFINITY);
  }

  /** Index in the input {@code [2, 7, 8, 16]} of a tap of the window of output {@code k}. */
  private static int windowElement(int k, int tap) {
    int pixel = k / Lanes.COUNT;
    int c = pixel / 9;
    int row = pixel % 9 / 3 * 2 + tap / 3;
    int column = pixel % 3 * 2 + tap % 3;
    return ((c * 7 + row) * 8 + column) * Lanes.COUNT + k % Lanes.COUNT;
  }

  @Test
  void sigmoidIsTheFunctionOfFloatMath() {
    float[] input = integers(1, 41);
    float[] output = new float[41];

    kernels().sigmoid(input, output, 41);

    for (int k = 0; k < 41; k++) {
      assertThat(output[k]).isEqualTo(FloatMath.sigmoid(input[k]));
    }
  }

  @Test
  void tanhIsTheFunctionOfFloatMath() {
    float[] input = integers(1, 41);
    float[] output = new float[41];

    kernels().tanh(input, output, 41);

    for (int k = 0; k < 41; k++) {
      assertThat(output[k]).isEqualTo(FloatMath.tanh(input[k]));
    }
  }

  /** Integers from -4 to 4. */
  private static float[] integers(long seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = random.nextInt(9) - 4;
    }
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int k = 0; k < values.length; k++) {
      doubles[k] = values[k];
    }
    return doubles;
  }

  private static void areEqual(float[] actual, double[] expected) {
    for (int k = 0; k < expected.length; k++) {
      assertThat((double) actual[k]).as("element %s", k).isEqualTo(expected[k]);
    }
  }
}
