package dev.featuremap.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Where the activations of a network lie while it runs, and how gradients find their way back.
 *
 * <p>To predict, an activation's buffer serves another one after its last reader. In training
 * activations that the backward pass reads stay for it, and gradients share buffers. Where an
 * activation has several readers, their gradients add up in the order in which the readers run
 * backward.
 */
final class BufferPlan {
  private static final int NONE = NetworkStep.NONE;

  private final List<NetworkStep> steps;
  private final BufferPool pool = new BufferPool();
  private final int[] buffers; // by activation
  private final boolean[] learns; // by activation
  private final Route[] routes; // by step
  private int logitGradients = NONE;
  private int soughtGradient = NONE;

  /**
   * The way of the gradients through a step.
   *
   * @param outputGradient buffer of the gradient of what the step writes
   * @param passed buffer of what passes the rectifier; the same where it may be in place, or where
   *     the layer itself rectifies
   * @param inputGradients buffers that the layer or the junction writes, one for each activation
   *     that it reads; negative when nobody needs it
   * @param additions what is added up behind the layer
   */
  record Route(
      int outputGradient, int passed, List<Integer> inputGradients, List<Addition> additions) {
    /** The buffer of the gradient of what is read first; negative when nobody needs it. */
    int inputGradient() {
      return inputGradients.get(0);
    }
  }

  /** {@code total = gradient + contribution}, by buffer. */
  record Addition(int gradient, int contribution, int total, int length) {}

  private BufferPlan(List<NetworkStep> steps, int activations) {
    this(steps, activations, NONE);
  }

  private BufferPlan(List<NetworkStep> steps, int activations, int sought) {
    this.steps = steps;
    buffers = new int[activations];
    Arrays.fill(buffers, NONE);
    routes = new Route[steps.size()];
    learns = new boolean[buffers.length];
    for (NetworkStep step : steps) {
      learns[step.writes()] = goesBack(step) || step.writes() == sought;
    }
  }

  /** True when a gradient of what the step writes is of use to it or to steps below. */
  private boolean goesBack(NetworkStep step) {
    return step.layer().filter(PlannedLayer::learns).isPresent()
        || step.reads().stream().anyMatch(activation -> learns[activation]);
  }

  /** For predictions only. */
  static BufferPlan predicting(List<PlannedStep> planned) {
    BufferPlan plan = new BufferPlan(FusedOrder.of(planned), planned.size() + 1);
    plan.reuseActivations(new boolean[planned.size() + 1]);
    return plan;
  }

  /**
   * For the first steps of predictions of which every activation is looked at.
   *
   * @param mostFloats of all activations of a block, which decides how many steps there are
   */
  static BufferPlan observing(List<PlannedStep> planned, long mostFloats) {
    List<NetworkStep> steps = new ArrayList<>();
    long floats = 0;
    for (NetworkStep step : FusedOrder.of(planned)) {
      floats += step.output().blockSize();
      if (floats > mostFloats) {
        break;
      }
      steps.add(step);
    }
    BufferPlan plan = new BufferPlan(steps, planned.size() + 1);
    plan.keepActivations();
    return plan;
  }

  /** For training. */
  static BufferPlan training(List<PlannedStep> planned) {
    BufferPlan plan = new BufferPlan(FusedOrder.of(planned), planned.size() + 1);
    plan.reuseActivations(plan.readOnTheWayBack());
    plan.routeGradients(NONE);
    return plan;
  }

  /**
   * For the gradient of the outputs by one activation, which is kept with it; every step runs by
   * itself, so that any activation can be asked for.
   *
   * @param planned steps that are all frozen
   */
  static BufferPlan seeking(List<PlannedStep> planned, int activation) {
    List<NetworkStep> steps = planned.stream().map(NetworkStep::of).toList();
    BufferPlan plan = new BufferPlan(steps, planned.size() + 1, activation);
    plan.reuseActivations(plan.readOnTheWayBack());
    plan.routeGradients(activation);
    return plan;
  }

  private void keepActivations() {
    for (NetworkStep step : steps) {
      buffers[step.writes()] = pool.allocate(step.output().blockSize());
    }
  }

  /** Activations that learn, and those that a step which learns reads. */
  private boolean[] readOnTheWayBack() {
    boolean[] read = learns.clone();
    for (NetworkStep step : steps) {
      for (int activation : step.reads()) {
        read[activation] |= goesBack(step);
      }
    }
    return read;
  }

  /** One buffer serves activations one after the other, except those that are kept. */
  private void reuseActivations(boolean[] kept) {
    int[] lastReader = new int[buffers.length];
    for (int k = 0; k < steps.size(); k++) {
      for (int activation : steps.get(k).reads()) {
        lastReader[activation] = k;
      }
    }
    for (int k = 0; k < steps.size(); k++) {
      NetworkStep step = steps.get(k);
      buffers[step.writes()] = pool.allocate(step.output().blockSize());
      for (int activation : Set.copyOf(step.reads())) {
        if (activation != PlannedStep.IMAGES && lastReader[activation] == k && !kept[activation]) {
          pool.release(buffers[activation]);
        }
      }
    }
  }

  private void routeGradients(int sought) {
    int[] gradients = new int[buffers.length]; // buffer by activation
    Arrays.fill(gradients, NONE);
    NetworkStep last = steps.get(steps.size() - 1);
    logitGradients = pool.allocate(last.output().blockSize());
    gradients[last.writes()] = logitGradients;
    int[] lengths = new int[buffers.length];
    steps.forEach(step -> lengths[step.writes()] = step.output().blockSize());
    for (int k = steps.size() - 1; k >= 0; k--) {
      if (goesBack(steps.get(k))) {
        routes[k] = route(steps.get(k), gradients, lengths);
      }
    }
    soughtGradient = sought == NONE ? NONE : gradients[sought];
  }

  private Route route(NetworkStep step, int[] gradients, int[] lengths) {
    int gradient = gradients[step.writes()];
    boolean copies = step.rectifies() && !step.rectifiesInside() && !pool.isExclusive(gradient);
    int passed = copies ? pool.allocate(step.output().blockSize()) : gradient;
    List<Integer> inputGradients = inputGradients(step, passed, lengths);
    List<Addition> additions = new ArrayList<>();
    for (int k = 0; k < inputGradients.size(); k++) {
      if (inputGradients.get(k) != NONE) {
        contribute(inputGradients.get(k), step.reads().get(k), gradients, lengths, additions);
        pool.release(inputGradients.get(k));
      }
    }
    if (step.isSum() && learns[step.input()]) {
      contribute(passed, step.input(), gradients, lengths, additions);
    }
    if (step.adds() && learns[step.addend()]) {
      contribute(passed, step.addend(), gradients, lengths, additions);
    }
    if (copies) {
      pool.release(passed);
    }
    pool.release(gradient);
    return new Route(gradient, passed, inputGradients, additions);
  }

  /** A buffer for each gradient that a layer or a junction writes; a sum passes its own on. */
  private List<Integer> inputGradients(NetworkStep step, int passed, int[] lengths) {
    List<Integer> written = step.isJunction() ? step.reads() : List.of(step.input());
    List<Integer> inputGradients = new ArrayList<>();
    for (int activation : written) {
      boolean needed = learns[activation] && !step.isSum();
      inputGradients.add(needed ? inputGradient(step, passed, lengths[activation]) : NONE);
    }
    return inputGradients;
  }

  /** A buffer for what a layer writes: a normalization may write over what it reads. */
  private int inputGradient(NetworkStep step, int passed, int length) {
    if (step.isBarrier() && !step.adds() && pool.isExclusive(passed)) {
      pool.retain(passed);
      return passed;
    }
    return pool.allocate(length);
  }

  /** Takes a gradient as that of an activation, or adds it to the one there. */
  private void contribute(
      int contribution, int activation, int[] gradients, int[] lengths, List<Addition> additions) {
    int before = gradients[activation];
    if (before == NONE) {
      pool.retain(contribution);
      gradients[activation] = contribution;
      return;
    }
    boolean inPlace = pool.isExclusive(before);
    int total = inPlace ? before : pool.allocate(lengths[activation]);
    additions.add(new Addition(before, contribution, total, lengths[activation]));
    if (!inPlace) {
      pool.release(before);
    }
    gradients[activation] = total;
  }

  List<NetworkStep> steps() {
    return steps;
  }

  /** The buffer of an activation. */
  int buffer(int activation) {
    return buffers[activation];
  }

  /** True when a layer at or below the activation learns. */
  boolean learns(int activation) {
    return learns[activation];
  }

  /** The way back through a step, or null where nothing learns. */
  Route route(int step) {
    return routes[step];
  }

  /** The buffer of the gradient of the logits. */
  int logitGradients() {
    return logitGradients;
  }

  /** The buffer of the gradient of the activation that {@link #seeking} was asked for. */
  int soughtGradient() {
    return soughtGradient;
  }

  /** Floats of each buffer, for a block. */
  int[] bufferSizes() {
    return pool.sizes();
  }

  /** Floats of all buffers, for a block. */
  long blockFloats() {
    return Arrays.stream(bufferSizes()).asLongStream().sum();
  }
}
