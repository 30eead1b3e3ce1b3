package dev.featuremap.train;

import dev.featuremap.augment.Augmentation;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.Ema;
import dev.featuremap.optimizer.Optimizer;
import dev.featuremap.optimizer.Optimizers;
import dev.featuremap.optimizer.Schedule;
import dev.featuremap.optimizer.Schedules;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.spec.Options;

/**
 * How a network is trained, apart from where.
 *
 * @param epochs passes over the data
 * @param batchSize images of one worker's step
 * @param workers shards the data is cut into; part of the result, not of the cluster
 * @param seed of every random number
 * @param learningRate base rate, which the schedule multiplies
 * @param clipNorm largest L2 norm of a step's mean gradient, 0 for no limit
 * @param optimizer the update rule, with the moving average of parameters if there is one
 * @param schedule the learning rate over time
 * @param augmentation how images are changed
 * @param labelSmoothing share of each target that is spread over all classes, 0 to below 1
 */
public record TrainingSpec(
    int epochs,
    int batchSize,
    int workers,
    long seed,
    double learningRate,
    double clipNorm,
    Optimizer optimizer,
    Schedule schedule,
    Augmentation augmentation,
    double labelSmoothing) {

  /** Reads the {@code train} section. */
  public static TrainingSpec read(Options train) {
    int epochs = train.integer("epochs", 1, 1_000_000);
    return new TrainingSpec(
        epochs,
        train.integer("batch-size", 1, 1 << 20),
        train.integer("workers", 1, 1 << 16),
        train.longInteger("seed"),
        train.number("learning-rate", "above 0", rate -> rate > 0),
        train.number("clip-norm", "of at least 0", norm -> norm >= 0),
        optimizer(train),
        Schedules.read(train.section("schedule"), epochs),
        Augmentation.read(train.section("augment")),
        train.number("label-smoothing", "from 0 to below 1", share -> share >= 0 && share < 1));
  }

  private static Optimizer optimizer(Options train) {
    Optimizer optimizer = Optimizers.read(train.section("optimizer"));
    double decay = train.number("ema-decay", "from 0 to below 1", d -> d >= 0 && d < 1);
    return decay == 0 ? optimizer : new Ema(optimizer, decay);
  }

  /**
   * The state before the first step: initial parameters and buffers, slots that remember no step.
   */
  public float[] initialState(NetworkPlan plan) {
    return stateFrom(plan.initialState(seed, 0), plan);
  }

  /**
   * The state that training starts from with these parameters, in place of random ones.
   *
   * @param model parameters, then buffers
   */
  public float[] stateFrom(float[] model, NetworkPlan plan) {
    StateLayout layout = plan.stateLayout(optimizer.slots());
    float[] state = new float[layout.size()];
    System.arraycopy(model, 0, state, 0, plan.parameters());
    System.arraycopy(model, plan.parameters(), state, layout.buffersAt(), plan.buffers());
    optimizer.start(state, layout);
    return state;
  }

  /** The learning rate of a step of a round. */
  public double rate(Round round, int stepInEpoch) {
    return learningRate * schedule.factor(round.epochAt(stepInEpoch));
  }

  /** The mean learning rate of a round's steps. */
  double meanRate(Round round) {
    double sum = 0;
    for (int step = round.firstStep(); step < round.firstStep() + round.steps(); step++) {
      sum += rate(round, step);
    }
    return sum / round.steps();
  }
}
