package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bits stay the same while the JIT compiler replaces interpreted kernels by compiled ones, at
 * sizes that reach every register tile.
 */
class CompiledTwinTest extends KernelTwinContract {
  private static final int ROUNDS = 5000;

  @Test
  void convolutionsWithFieldsOfFiveAgree() {
    convolve(new ConvolutionGeometry(2, 6, 14, 3, 5, 5, 1));
  }

  @Test
  void convolutionsWithFieldsOfFiveToFourMapsAgree() {
    convolve(new ConvolutionGeometry(2, 6, 14, 4, 5, 5, 1));
  }

  @Test
  void convolutionsWithFieldsOfThreeAgree() {
    convolve(new ConvolutionGeometry(2, 4, 12, 3, 3, 3, 1));
  }

  @Test
  void convolutionsToSinglePixelsAgree() {
    convolve(new ConvolutionGeometry(2, 5, 5, 9, 5, 5, 1));
  }

  @Test
  void convolutionsToOneMapAgree() {
    convolve(new ConvolutionGeometry(1, 5, 13, 1, 3, 3, 1));
  }

  @Test
  void convolutionsOfStrideTwoAgree() {
    convolve(new ConvolutionGeometry(2, 5, 13, 7, 3, 3, 2));
  }

  private static void convolve(ConvolutionGeometry g) {
    Random random = new Random(1);
    Guarded input = Guarded.tame(random, 0, g.inputBlockSize());
    Guarded parameters = Guarded.tame(random, 0, g.weights() + g.featureMaps());
    Guarded output = Guarded.tame(random, 0, g.outputBlockSize());
    for (int round = 0; round < ROUNDS; round++) {
      twinsAgree(
          (kernels, arrays) -> {
            float[] in = arrays.get(0).values();
            float[] out = arrays.get(2).values();
            Correlation correlation = kernels.correlation(g);
            correlation.apply(in, arrays.get(1).values(), 0, g.weights(), out);
            correlation.weightGradient(in, out, arrays.get(1).values(), 0);
            correlation.biasGradient(out, arrays.get(1).values(), g.weights());
          },
          input,
          parameters,
          output);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void fullyConnectedLayersAgree(int blocks) {
    int inputs = 85;
    int outputs = 9;
    Random random = new Random(1);
    Guarded input = Guarded.tame(random, 0, inputs * Lanes.COUNT);
    Guarded parameters = Guarded.tame(random, 0, inputs * outputs + outputs);
    Guarded output = Guarded.tame(random, 0, outputs * Lanes.COUNT);
    for (int round = 0; round < ROUNDS; round++) {
      twinsAgree(
          (kernels, arrays) -> {
            float[][] in = new float[blocks][];
            float[][] out = new float[blocks][];
            Arrays.fill(in, arrays.get(0).values());
            Arrays.fill(out, arrays.get(2).values());
            float[] p = arrays.get(1).values();
            FullyConnectedProducts products = kernels.fullyConnected(inputs, outputs);
            products.forward(blocks, in, p, 0, inputs * outputs, out);
            FullyConnectedGradient sums = kernels.fullyConnectedGradient(inputs, outputs, blocks);
            for (int block = 0; block < blocks; block++) {
              sums.keep(block, in[block], out[block]);
            }
            sums.writeInto(blocks, p, 0, inputs * outputs, 0, 1);
            products.inputGradient(blocks, out, p, 0, in);
          },
          input,
          parameters,
          output);
    }
  }

  @Test
  void poolingAndActivationsAgree() {
    PoolingGeometry g = new PoolingGeometry(2, 6, 6, 3, 2);
    Random random = new Random(1);
    Guarded input = Guarded.wild(random, 0, 2 * 6 * 6 * Lanes.COUNT);
    Guarded output = Guarded.tame(random, 0, 2 * 2 * 2 * Lanes.COUNT);
    Guarded gradient = Guarded.tame(random, 0, input.size());
    for (int round = 0; round < ROUNDS; round++) {
      twinsAgree(
          (kernels, arrays) -> {
            float[] in = arrays.get(0).values();
            float[] out = arrays.get(1).values();
            float[] gi = arrays.get(2).values();
            float[] winners = arrays.get(3).values();
            kernels.maxPooling(g, 0f).maxima(in, out, winners);
            kernels.maxPooling(g, 0f).gradient(winners, out, gi);
            kernels.sigmoid(in, in, input.size());
            kernels.tanh(gi, in, input.size());
          },
          input,
          output,
          gradient,
          Guarded.tame(random, 0, output.size()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void productsOfMatricesAgree(MatrixProduct.Form form) {
    Random random = new Random(1);
    MatrixProduct product = new MatrixProduct(form, 48, 20, 48, 48);
    Guarded left = Guarded.tame(random, 0, 48 * 48);
    Guarded right = Guarded.tame(random, 0, 20 * 48);
    Guarded result = Guarded.tame(random, 0, 48 * 48);
    float[] scratch = new float[product.scratch()];
    for (int round = 0; round < ROUNDS; round++) {
      twinsAgree(
          (kernels, arrays) -> {
            float[] values = arrays.get(2).values();
            kernels.multiply(
                product, arrays.get(0).values(), arrays.get(1).values(), scratch, values);
          },
          left,
          right,
          result);
    }
  }
}
