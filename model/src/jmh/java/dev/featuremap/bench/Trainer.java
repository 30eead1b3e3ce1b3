package dev.featuremap.bench;

/**
 * Trains one workload by plain gradient descent in float32: forward, backward, update. Everything
 * that can be done once is done before the first step: data are in the library's own form, graphs
 * are built.
 */
public interface Trainer extends AutoCloseable {

  /** Builds a trainer for a workload. */
  @FunctionalInterface
  interface Factory {
    /** A trainer with the workload's starting parameters and all of its data. */
    Trainer create(Workload workload);
  }

  /**
   * The mean loss of a mini-batch and its gradient; changes no parameter.
   *
   * @param batch from 0 to {@link Workload#batches}
   * @param gradient receives the gradient in the layout of {@link Workload#plan}
   */
  double lossAndGradient(int batch, float[] gradient);

  /** Takes one step on a mini-batch, from 0 to {@link Workload#batches}. */
  void step(int batch);

  /** Frees what the garbage collector does not. */
  @Override
  default void close() {}
}
