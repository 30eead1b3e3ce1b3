package dev.featuremap.layer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.kernel.Scratch;
import dev.featuremap.tensor.Shape;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  private static final Shape SHAPE = new Shape(2, 2, 3);

  @Test
  void acceptsARightGradient() {
    assertThatCode(() -> verifyScaling(1.0f, 1.0f)).doesNotThrowAnyException();
  }

  @Test
  void catchesAnInputGradientThatIsOnePercentOff() {
    assertThatThrownBy(() -> verifyScaling(1.01f, 1.0f))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("gradient of input 0");
  }

  @Test
  void catchesAParameterGradientThatIsOnePercentOff() {
    assertThatThrownBy(() -> verifyScaling(1.0f, 1.01f))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("gradient of parameter 0");
  }

  private static void verifyScaling(float inputError, float parameterError) {
    Layer layer = new Scaling(SHAPE.blockSize(), LayerTrial.CANARIES, inputError, parameterError);
    GradientCheck.verifyInput(new LayerTrial(layer, new Scratch(), SHAPE, SHAPE, 1, 0));
    GradientCheck.verifyParameters(new LayerTrial(layer, new Scratch(), SHAPE, SHAPE, 1, 0));
  }

  /** Multiplies by one parameter; its gradients are wrong by the given factors. */
  private static final class Scaling implements Layer {
    private final int size;
    private final int at;
    private final float inputError;
    private final float parameterError;
    private double sum;

    Scaling(int size, int at, float inputError, float parameterError) {
      this.size = size;
      this.at = at;
      this.inputError = inputError;
      this.parameterError = parameterError;
    }

    @Override
    public void forward(BlockGroup group, float[] parameters, float[][] input, float[][] output) {
      for (int k = 0; k < size; k++) {
        output[0][k] = 4 * parameters[at] * input[0][k];
      }
    }

    @Override
    public void backward(
        BlockGroup group,
        float[] parameters,
        float[][] input,
        float[][] output,
        float[][] outputGradient,
        float[][] inputGradient) {
      sum = 0;
      for (int k = 0; k < size; k++) {
        inputGradient[0][k] = inputError * 4 * parameters[at] * outputGradient[0][k];
        sum += 4.0 * input[0][k] * outputGradient[0][k];
      }
    }

    @Override
    public void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
      parameterGradient[at] = (float) (parameterError * sum);
    }

    @Override
    public Layer fork(Scratch scratch) {
      return this;
    }
  }
}
