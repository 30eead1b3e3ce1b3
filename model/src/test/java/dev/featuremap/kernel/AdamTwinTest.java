package dev.featuremap.kernel;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamTwinTest extends KernelTwinContract {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 100, 1000})
  void stepsAgree(int parameters) {
    for (boolean wild : new boolean[] {false, true}) {
      for (float[] decay : new float[][] {{0, 0}, {0.1f, 0}, {0, -0.01f}}) {
        stepsAgree(parameters, wild, decay);
      }
    }
  }

  private static void stepsAgree(int parameters, boolean wild, float[] decay) {
    Random random = new Random(parameters);
    AdamStep step = new AdamStep(parameters + 3, 2 * parameters + 5, 0.9, 0.999, 1e-8);
    step.begin(0.25f, 0.02f, 3f);
    step.decay(decay[0], decay[1]);
    Guarded state = Guarded.random(wild, random, 0, 3 * parameters + 7);
    twinsAgree(
        (kernels, arrays) ->
            kernels.adam(
                step, arrays.get(0).values(), arrays.get(1).values(), parameters / 3, parameters),
        state,
        Guarded.random(wild, random, 0, parameters));
  }
}
