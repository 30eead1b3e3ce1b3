package dev.featuremap.layer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares a layer's gradients with central differences of its forward pass, {@code (J(x + h) - J(x
 * - h)) / 2h}, summed up in double.
 */
final class GradientCheck {
  /** Large enough to drown the rounding of float outputs, small enough to stay off kinks. */
  private static final float STEP = 0x1p-7f;

  private static final double TOLERANCE = 1e-3;

  private GradientCheck() {}

  /** Fails unless every input gradient agrees. */
  static void verifyInput(LayerTrial trial) {
    trial.forward();
    trial.backward();
    for (int k = 0; k < trial.inputSize; k++) {
      agree("input", k, trial.inputGradient[k], difference(trial, trial.input, k));
    }
  }

  /** Fails unless every parameter gradient agrees. */
  static void verifyParameters(LayerTrial trial) {
    trial.forward();
    trial.backward();
    float[] gradient = trial.slice(trial.parameterGradient);
    for (int k = 0; k < gradient.length; k++) {
      int at = trial.parametersAt + k;
      agree("parameter", k, gradient[k], difference(trial, trial.parameters, at));
    }
  }

  private static double difference(LayerTrial trial, float[] values, int at) {
    float original = values[at];
    float above = original + STEP;
    float below = original - STEP;
    values[at] = above;
    double objectiveAbove = trial.objective();
    values[at] = below;
    double objectiveBelow = trial.objective();
    values[at] = original;
    return (objectiveAbove - objectiveBelow) / ((double) above - below);
  }

  private static void agree(String what, int index, double gradient, double difference) {
    double error = Math.abs(gradient - difference);
    assertThat(error)
        .as("gradient of %s %s is %s, its central difference %s", what, index, gradient, difference)
        .isLessThan(TOLERANCE * (1 + Math.abs(difference)));
  }
}
