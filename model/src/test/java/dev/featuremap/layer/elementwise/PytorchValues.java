package dev.featuremap.layer.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;

/**
 * What PyTorch 2.15 makes of {@code torch.tensor([-6, -3, -1, -0.25, 0.5, 2, 3.5, 7],
 * dtype=torch.float64)}, and the gradients of the sum of it.
 */
record PytorchValues(double[] outputs, double[] gradients) {
  private static final float[] INPUTS = {-6, -3, -1, -0.25f, 0.5f, 2, 3.5f, 7};

  /** Fails unless a layer gives these values, but for a few roundings to single precision. */
  void areThoseOf(LayerSpec layer) {
    Shape shape = Shape.ofFeatures(INPUTS.length);
    agree(Outputs.of(layer, shape, INPUTS), outputs, "output");
    agree(Outputs.gradientOf(layer, shape, INPUTS), gradients, "gradient");
  }

  private static void agree(float[] actual, double[] expected, String what) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < expected.length; k++) {
      assertThat((double) actual[k])
          .as("%s for %s", what, INPUTS[k])
          .isCloseTo(expected[k], within(1e-6 * Math.abs(expected[k]) + 1e-8));
    }
  }
}
