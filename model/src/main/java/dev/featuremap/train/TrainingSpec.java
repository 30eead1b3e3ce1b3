package dev.featuremap.train;

import dev.featuremap.augment.Augmentation;
import dev.featuremap.loss.TrainingLoss;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.optimizer.Ema;
import dev.featuremap.optimizer.Optimizer;
import dev.featuremap.optimizer.Optimizers;
import dev.featuremap.optimizer.Schedule;
import dev.featuremap.optimizer.Schedules;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.spec.Options;
import dev.featuremap.spec.StackedSections;
import dev.featuremap.tensor.LabelSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a network is trained, apart from where: in one stage of a run, which may have several.
 *
 * @param firstEpoch epochs of the run before this stage
 * @param epochs passes over the data in this stage
 * @param batchSize images of one worker's step
 * @param workers shards the data is cut into; part of the result, not of the cluster
 * @param seed of every random number
 * @param learningRate base rate, which the schedule multiplies
 * @param clipNorm largest L2 norm of a step's mean gradient, 0 for no limit
 * @param clipValue largest absolute value in a step's mean gradient, 0 for no limit; values are cut
 *     before the norm is
 * @param optimizer the update rule, with the moving average of parameters if there is one
 * @param schedule the learning rate over time
 * @param augmentation how images are changed
 * @param loss what is minimised in place of the network's plain loss
 * @param rules what is done differently with some layers and tensors
 */
public record TrainingSpec(
    int firstEpoch,
    int epochs,
    int batchSize,
    int workers,
    long seed,
    double learningRate,
    double clipNorm,
    double clipValue,
    Optimizer optimizer,
    Schedule schedule,
    Augmentation augmentation,
    TrainingLoss loss,
    TensorRules rules) {

  private static final int MOST_EPOCHS = 1_000_000;
  private static final Set<String> OF_THE_RUN =
      Set.of(
          "workers",
          "batch-size",
          "seed",
          "init-from",
          "init-sha256",
          "init-except",
          "init-names",
          "stages");

  /**
   * Reads the {@code train} section with its {@code stages}: what a stage says stands above the
   * rest of the section.
   *
   * @return at least one
   */
  public static List<TrainingSpec> stages(Options train) {
    int sound = train.problems();
    TrainingSpec all = read(train, 0);
    boolean isSound = train.problems() == sound;
    List<Options> sections = StackedSections.read(train, "stages", OF_THE_RUN);
    if (sections.isEmpty() || !isSound) {
      return List.of(all);
    }
    List<TrainingSpec> stages = new ArrayList<>();
    int first = 0;
    for (Options section : sections) {
      TrainingSpec stage = read(section, first);
      section.rejectUnknown();
      stages.add(stage);
      first = stage.endEpoch();
    }
    if (first > MOST_EPOCHS) {
      train.problem(
          "Cannot use %s: all together may have %s epochs, got %s."
              .formatted(train.path("stages"), MOST_EPOCHS, first));
    }
    return stages;
  }

  /**
   * What is wrong with the rules and losses of stages for a network.
   *
   * @param section how messages name the section that they stand in
   */
  public static List<String> problems(
      List<TrainingSpec> stages, NetworkPlan whole, String section) {
    List<String> problems = new ArrayList<>();
    for (int k = 0; k < stages.size(); k++) {
      String place = stages.size() == 1 ? section : "%s.stages[%s]".formatted(section, k);
      problems.addAll(stages.get(k).rules().problems(whole, place));
      problems.addAll(stages.get(k).loss().problems(whole.spec().loss(), whole.classes(), place));
    }
    return problems;
  }

  private static TrainingSpec read(Options train, int firstEpoch) {
    int epochs = train.integer("epochs", 1, MOST_EPOCHS);
    return new TrainingSpec(
        firstEpoch,
        epochs,
        train.integer("batch-size", 1, 1 << 20),
        train.integer("workers", 1, 1 << 16),
        train.longInteger("seed"),
        train.number("learning-rate", "above 0", rate -> rate > 0),
        train.number("clip-norm", "of at least 0", norm -> norm >= 0),
        train.number("clip-value", "of at least 0", value -> value >= 0),
        optimizer(train),
        Schedules.read(train.section("schedule"), epochs),
        Augmentation.read(train.section("augment")),
        TrainingLoss.read(train),
        TensorRules.read(train));
  }

  private static Optimizer optimizer(Options train) {
    Optimizer optimizer = Optimizers.read(train.section("optimizer"));
    double decay = train.number("ema-decay", "from 0 to below 1", d -> d >= 0 && d < 1);
    return decay == 0 ? optimizer : new Ema(optimizer, decay);
  }

  /**
   * The same training once the images are counted, on which class weights depend.
   *
   * @param images of each class; classes behind the last have none
   * @param names in the order of classes; empty where classes have none but their numbers
   * @param classes of the network
   */
  public TrainingSpec counting(long[] images, List<String> names, int classes) {
    return new TrainingSpec(
        firstEpoch,
        epochs,
        batchSize,
        workers,
        seed,
        learningRate,
        clipNorm,
        clipValue,
        optimizer,
        schedule,
        augmentation,
        loss.counted(images, names, classes),
        rules);
  }

  /**
   * The same training of images that may have several labels each.
   *
   * @param sets that labels are numbers of
   */
  public TrainingSpec over(LabelSets sets) {
    return new TrainingSpec(
        firstEpoch,
        epochs,
        batchSize,
        workers,
        seed,
        learningRate,
        clipNorm,
        clipValue,
        optimizer,
        schedule,
        augmentation,
        loss.over(sets),
        rules);
  }

  /** Epochs of the run when this stage is done. */
  public int endEpoch() {
    return firstEpoch + epochs;
  }

  /** How the states of this training are divided. */
  public StateLayout layout(NetworkPlan plan) {
    return rules.layout(plan, optimizer.slots());
  }

  /**
   * The state before the first step: initial parameters and buffers, slots that remember no step.
   *
   * @param plan gets the values of its frozen layers
   */
  public float[] initialState(NetworkPlan plan) {
    return stateFrom(plan.whole().initialState(seed, 0), plan);
  }

  /**
   * The state that training starts from with these parameters, in place of random ones.
   *
   * @param model parameters of the whole network, then its buffers
   * @param plan gets the values of its frozen layers
   */
  public float[] stateFrom(float[] model, NetworkPlan plan) {
    StateLayout layout = layout(plan);
    float[] trained = plan.trainedPart(model);
    float[] state = new float[layout.size()];
    System.arraycopy(trained, 0, state, 0, plan.parameters());
    System.arraycopy(trained, plan.parameters(), state, layout.buffersAt(), plan.buffers());
    optimizer.start(state, layout);
    return state;
  }

  /** The learning rate of a step of a round. */
  public double rate(Round round, int stepInEpoch) {
    double epoch = round.epochAt(stepInEpoch) - firstEpoch;
    return learningRate
        * schedule.factor(epoch, 1.0 / round.stepsPerEpoch())
        * round.rateReduction();
  }

  /** Rounds of the epoch that follows on others of this stage, which may lower their rate. */
  public List<Round> following(List<Schedule.Outcome> outcomes, List<Round> rounds) {
    double reduction = schedule.reduction(outcomes);
    return rounds.stream().map(round -> round.withRateReduction(reduction)).toList();
  }

  /** The number that a step has for the optimizer, from 1: in this stage, or since its restart. */
  long updateNumber(Round round, int stepInEpoch) {
    long before = round.restartsOptimizer() ? 0 : (long) firstEpoch * round.stepsPerEpoch();
    return round.updateNumber(stepInEpoch) - before;
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
