package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.kernel.KernelLookup;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of optimizers whose steps follow from the norms of whole tensors. */
abstract class TensorwiseContract extends OptimizerContract {

  /**
   * One update of one tensor in double, straight from the formula.
   *
   * @param values {@code [parameter, slots…]} of each parameter, changed in place
   * @param adapted false for biases, which have neither a ratio nor a decay
   */
  abstract void reference(
      double[][] values, double[] gradient, boolean adapted, double learningRate, long step);

  @Override
  final void reference(
      double[][] values, float[] gradient, StateLayout layout, double learningRate, long step) {
    int at = 0;
    for (StateLayout.Range tensor : layout.decayed()) {
      reference(values, gradient, at, tensor.from(), false, learningRate, step);
      reference(values, gradient, tensor.from(), tensor.to(), true, learningRate, step);
      at = tensor.to();
    }
    reference(values, gradient, at, values.length, false, learningRate, step);
  }

  private void reference(
      double[][] values,
      float[] gradient,
      int from,
      int to,
      boolean adapted,
      double learningRate,
      long step) {
    double[] part = IntStream.range(from, to).mapToDouble(i -> gradient[i]).toArray();
    reference(Arrays.copyOfRange(values, from, to), part, adapted, learningRate, step);
  }

  static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  static double[] parameters(double[][] values) {
    return Arrays.stream(values).mapToDouble(v -> v[0]).toArray();
  }

  @Test
  void isNotDividedAmongThreads() {
    Optimizer optimizer = optimizer(true);
    StateLayout layout = new StateLayout(4, optimizer.slots(), 0, List.of());
    Update update = optimizer.over(layout, KernelLookup.kernels());

    assertThat(update.isDivisible()).isFalse();
    assertThatThrownBy(() -> update.apply(new float[layout.size()], new float[4], 1f, 0.1, 1, 0, 2))
        .hasMessage(
            "Cannot update with %s: it takes whole tensors, expected parameters [0, 4), got [0, 2).",
            optimizer.name());
  }

  @Test
  void takesThePlainStepWhereANormIsZero() {
    Optimizer optimizer = optimizer(false);
    int slots = optimizer.slots();
    StateLayout adapted = new StateLayout(2, slots, 0, List.of(new StateLayout.Range(0, 2)));
    float[] zeros = new float[2 * (1 + slots)];
    float[] plain = zeros.clone();
    float[] gradient = {0.5f, -0.25f};

    Updates.once(optimizer, zeros, adapted, gradient, 0.1, 1);
    Updates.once(optimizer, plain, new StateLayout(2, slots, 0, List.of()), gradient, 0.1, 1);

    assertThat(zeros).isEqualTo(plain);
    assertThat(zeros[0]).isNegative();
  }
}
