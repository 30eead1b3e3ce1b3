package dev.featuremap.kernel;

import dev.featuremap.tensor.Lanes;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTwinTest extends KernelTwinContract {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 64, 1000, 100_003})
  void sigmoidsAgree(int length) {
    twinsAgree(
        (kernels, arrays) ->
            kernels.sigmoid(arrays.get(0).values(), arrays.get(1).values(), length),
        anyBits(length),
        Guarded.tame(new Random(1), 0, length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 64, 1000, 100_003})
  void hyperbolicTangentsAgree(int length) {
    twinsAgree(
        (kernels, arrays) -> kernels.tanh(arrays.get(0).values(), arrays.get(1).values(), length),
        anyBits(length),
        Guarded.tame(new Random(1), 0, length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 64, 1000, 100_003})
  void rectifiersAndTheirGradientsAgree(int length) {
    twinsAgree(
        (kernels, arrays) -> {
          float[] output = arrays.get(1).values();
          kernels.rectify(arrays.get(0).values(), output, length);
          kernels.rectifyGradient(output, arrays.get(2).values(), arrays.get(3).values(), length);
        },
        anyBits(length),
        Guarded.tame(new Random(1), 0, length),
        anyBits(length),
        Guarded.tame(new Random(2), 0, length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 64, 1000, 100_003})
  void gatesAndTheirGradientsAgree(int length) {
    for (Gate gate :
        new Gate[] {Gate.SILU, Gate.GELU_TANH, Gate.GELU, Gate.HARD_SWISH, Gate.MISH}) {
      twinsAgree(
          (kernels, arrays) -> {
            kernels.gate(gate, arrays.get(0).values(), arrays.get(1).values(), length);
            kernels.gateGradient(
                gate,
                arrays.get(0).values(),
                arrays.get(2).values(),
                arrays.get(3).values(),
                length);
          },
          anyBits(length),
          Guarded.tame(new Random(1), 0, length),
          anyBits(length),
          Guarded.tame(new Random(2), 0, length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 64, 1000, 100_003})
  void leakyRectifiersAndSumsAgree(int length) {
    twinsAgree(
        (kernels, arrays) -> {
          float[] input = arrays.get(0).values();
          float[] other = arrays.get(2).values();
          int from = length / 3;
          kernels.leakyRectify(0.1f, input, arrays.get(1).values(), from, length);
          kernels.leakyRectifyGradient(-2f, input, other, arrays.get(3).values(), from, length);
          kernels.add(input, other, 0f, arrays.get(4).values(), length);
          kernels.add(input, other, Float.NEGATIVE_INFINITY, other, length);
        },
        anyBits(length),
        Guarded.tame(new Random(1), 0, length),
        anyBits(length),
        Guarded.tame(new Random(2), 0, length),
        Guarded.tame(new Random(3), 0, length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15, 16, 17, 64, 1000, 100_003})
  void clippedNeuronsAndTheirGradientsAgree(int length) {
    for (float low : new float[] {0f, -0.5f, Float.NEGATIVE_INFINITY}) {
      twinsAgree(
          (kernels, arrays) -> {
            float[] output = arrays.get(1).values();
            kernels.clip(low, 6f, arrays.get(0).values(), output, length);
            kernels.clipGradient(
                low, 6f, output, arrays.get(2).values(), arrays.get(3).values(), length);
          },
          anyBits(length),
          Guarded.tame(new Random(1), 0, length),
          anyBits(length),
          Guarded.tame(new Random(2), 0, length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 50, 1000})
  void gradientsOfSlopesAgree(int pixels) {
    int size = pixels * Lanes.COUNT;
    Random random = new Random(pixels);
    for (boolean wild : new boolean[] {false, true}) {
      twinsAgree(
          (kernels, arrays) ->
              kernels.slopeGradient(
                  arrays.get(0).values(),
                  arrays.get(1).values(),
                  pixels / 3 * Lanes.COUNT,
                  size,
                  arrays.get(2).values()),
          Guarded.random(wild, random, 0, size),
          Guarded.random(wild, random, 0, size),
          Guarded.tame(random, 0, Lanes.COUNT));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 1000})
  void sigmoidsInPlaceAgree(int length) {
    twinsAgree(
        (kernels, arrays) ->
            kernels.sigmoid(arrays.get(0).values(), arrays.get(0).values(), length),
        anyBits(length));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000})
  void softmaxesAgree(int classes) {
    for (boolean wild : new boolean[] {false, true}) {
      Random random = new Random(classes);
      twinsAgree(
          (kernels, arrays) ->
              kernels.softmax(
                  classes,
                  arrays.get(0).values(),
                  arrays.get(1).values(),
                  arrays.get(2).values(),
                  arrays.get(3).values()),
          Guarded.random(wild, random, 0, classes * Lanes.COUNT),
          Guarded.tame(random, 0, classes * Lanes.COUNT),
          Guarded.tame(random, 0, Lanes.COUNT),
          Guarded.tame(random, 0, Lanes.COUNT));
    }
  }

  /** Floats of every magnitude: half of them random bits, half of them within [-20, 20). */
  private static Guarded anyBits(int length) {
    Random random = new Random(length);
    Guarded array = Guarded.wild(random, 0, length);
    for (int k = 0; k < length; k++) {
      if (random.nextInt(4) > 0) {
        array.values()[k] =
            random.nextBoolean()
                ? Float.intBitsToFloat(random.nextInt())
                : random.nextFloat() * 40f - 20f;
      }
    }
    return array;
  }
}
