package dev.featuremap.optimizer;

/** The contract of optimizers whose parameters know nothing of each other. */
abstract class ElementwiseContract extends OptimizerContract {

  /**
   * One update of one parameter in double, straight from the formula.
   *
   * @param values {@code [parameter, slots…]}, changed in place
   */
  abstract void reference(
      double[] values, double gradient, boolean decayed, double learningRate, long step);

  @Override
  final void reference(
      double[][] values, float[] gradient, StateLayout layout, double learningRate, long step) {
    for (int i = 0; i < values.length; i++) {
      reference(values[i], gradient[i], isDecayed(layout, i), learningRate, step);
    }
  }
}
