package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.NetworkPlan;

/**
 * One step of a worker: the gradient of a mini-batch, then the optimizer's update.
 *
 * <p>Buffers are planned once for the largest mini-batch; a step allocates nothing.
 */
public final class TrainingStep {
  private final TrainingSpec training;
  private final BatchExecutor executor;
  private final StepUpdate update;
  private final int parameters;
  private final int buffers;
  private final float[] gradient;

  /** A step of {@code training.batchSize()} images at most, by the threads of {@code team}. */
  public TrainingStep(NetworkPlan plan, TrainingSpec training, Kernels kernels, Team team) {
    this.training = training;
    this.executor = BatchExecutor.training(plan, training, kernels, team);
    this.update = new StepUpdate(training, training.layout(plan), kernels, team);
    this.parameters = plan.parameters();
    this.buffers = plan.buffers();
    this.gradient = new float[parameters + buffers];
  }

  /**
   * Computes the gradient of the <em>sum</em> of the losses of a mini-batch.
   *
   * @param state starts with the parameters and ends with the buffers, not changed
   * @param images images of the mini-batch, in blocks of 16 of which the last may be padded
   * @param tally gets the losses and hits
   * @return one value per parameter, then the buffers after the step; valid until the next call
   */
  public float[] gradient(
      float[] state, BlockSource blocks, int images, int epoch, LossTally tally) {
    int count = BatchExecutor.blocksOf(images);
    executor.gradient(training.seed(), epoch, state, blocks, count, gradient, tally);
    return gradient;
  }

  /** Computes the gradient and updates {@code state}, {@code [parameters, slots, buffers]}. */
  public void run(
      float[] state, BlockSource blocks, int images, Round round, int step, LossTally tally) {
    gradient(state, blocks, images, round.epoch(), tally);
    update.apply(state, gradient, images, round, step);
    System.arraycopy(gradient, parameters, state, state.length - buffers, buffers);
  }
}
