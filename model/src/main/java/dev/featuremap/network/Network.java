package dev.featuremap.network;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.BarrierLayer;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.join.Junction;
import dev.featuremap.network.BufferPlan.Addition;
import dev.featuremap.network.BufferPlan.Route;
import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * A network ready to run: layers with their scratch, and the activations of the group of blocks in
 * hand.
 *
 * <p>In training a {@link BarrierLayer}, such as batch normalization, cuts the network into
 * segments, and all blocks of a mini-batch pass one segment before any enters the next. {@link
 * #forward} of a segment ends by describing its output for the barrier behind it, {@link #combine}
 * joins that; {@link #backward} begins behind that barrier and ends by summing for the one before
 * the segment. A network without barriers is one segment.
 *
 * <p>Holds no parameters: they are passed in, at the start of a vector with the buffers at its end.
 * Frozen layers have theirs from {@link FrozenPart#values}, and run as in predictions. Used by one
 * thread; {@linkplain #fork() forks} work on other groups of the same mini-batch.
 */
public final class Network {
  private final Kernels kernels;
  private final BufferPlan bufferPlan;
  private final List<NetworkStep> steps;
  private final Layer[] layers; // by step; null for a join
  private final Junction[] junctions; // by step; null for a layer and for a sum
  private final float[][] joined; // what a junction reads of a block
  private final float[][] joinedGradients;
  private final int[] starts; // [segment], first step
  private final Workspace workspace;
  private final float[] frozen;
  private boolean frozenIsPrepared;

  /**
   * Builds the layers of a plan.
   *
   * @param batchBlocks blocks of the largest mini-batch to train on; 0 to predict only
   * @param groupBlocks blocks that go through the layers together
   */
  public Network(NetworkPlan plan, Kernels kernels, int batchBlocks, int groupBlocks) {
    this(
        plan,
        kernels,
        batchBlocks > 0 ? BufferPlan.training(plan.steps()) : BufferPlan.predicting(plan.steps()),
        batchBlocks,
        groupBlocks);
  }

  private Network(
      NetworkPlan plan, Kernels kernels, BufferPlan bufferPlan, int batchBlocks, int groupBlocks) {
    this.kernels = kernels;
    this.bufferPlan = bufferPlan;
    frozen = plan.frozen().values();
    steps = bufferPlan.steps();
    layers = new Layer[steps.size()];
    Scratch scratch = new Scratch();
    for (int k = 0; k < layers.length; k++) {
      NetworkStep step = steps.get(k);
      if (step.layer().isPresent()) {
        layers[k] = build(step, plan, batchBlocks, scratch);
      }
    }
    junctions = junctions(plan, steps);
    joined = new float[mostReads()][];
    joinedGradients = new float[mostReads()][];
    starts = starts(steps, batchBlocks > 0);
    int[] sizes = bufferPlan.bufferSizes();
    workspace =
        barriers() > 0
            ? Workspace.ofBatch(sizes, batchBlocks, groupBlocks)
            : Workspace.ofGroup(sizes, groupBlocks);
  }

  /** The first steps of a network, for one block of which all that they write is kept. */
  static Network observing(NetworkPlan plan, Kernels kernels, long mostFloats) {
    return new Network(plan, kernels, BufferPlan.observing(plan.steps(), mostFloats), 0, 1);
  }

  /**
   * A network for one block that predicts, and whose way back ends at an activation.
   *
   * @param plan all of it frozen
   */
  static Network seeking(NetworkPlan plan, Kernels kernels, int activation) {
    return new Network(plan, kernels, BufferPlan.seeking(plan.steps(), activation), 1, 1);
  }

  private Network(Network of) {
    kernels = of.kernels;
    bufferPlan = of.bufferPlan;
    frozen = of.frozen;
    steps = of.steps;
    junctions = of.junctions;
    joined = new float[mostReads()][];
    joinedGradients = new float[mostReads()][];
    starts = of.starts;
    workspace = of.workspace.fork();
    layers = new Layer[of.layers.length];
    Scratch scratch = new Scratch();
    for (int k = 0; k < layers.length; k++) {
      layers[k] = of.layers[k] == null ? null : of.layers[k].fork(scratch);
    }
  }

  private Layer build(NetworkStep step, NetworkPlan plan, int batchBlocks, Scratch scratch) {
    PlannedLayer layer = step.layer().orElseThrow();
    int buffers = layer.frozen() ? plan.frozen().buffers() : plan.buffers();
    LayerPlace place =
        new LayerPlace(
            layer.index(),
            layer.parametersAt(),
            buffers - layer.buffersAt(),
            batchBlocks,
            bufferPlan.learns(step.input()),
            layer.frozen(),
            scratch);
    return layer.spec().build(layer.input(), place, kernels);
  }

  private static Junction[] junctions(NetworkPlan plan, List<NetworkStep> steps) {
    Junction[] junctions = new Junction[steps.size()];
    for (int k = 0; k < junctions.length; k++) {
      NetworkStep step = steps.get(k);
      if (step.isJunction()) {
        List<Shape> inputs = step.reads().stream().map(plan::shape).toList();
        junctions[k] = step.join().orElseThrow().junction(inputs);
      }
    }
    return junctions;
  }

  private int mostReads() {
    return steps.stream().mapToInt(step -> step.reads().size()).max().orElse(0);
  }

  private static int[] starts(List<NetworkStep> steps, boolean trains) {
    int[] barriers = new int[steps.size() + 1];
    int count = 1;
    for (int k = 0; trains && k < steps.size(); k++) {
      if (steps.get(k).isBarrier()) {
        barriers[count++] = k;
      }
    }
    int[] starts = new int[count + 1];
    System.arraycopy(barriers, 0, starts, 0, count);
    starts[count] = steps.size();
    return starts;
  }

  /** The same network for another thread, with its own scratch. */
  public Network fork() {
    return new Network(this);
  }

  /** Barriers over the mini-batch; there is one segment more. */
  public int barriers() {
    return starts.length - 2;
  }

  /** Prepares a part of what the passes need of the parameters, for this network and its forks. */
  public void prepare(float[] parameters, int part, int parts) {
    for (int k = 0; k < layers.length; k++) {
      boolean isDone = frozenIsPrepared && steps.get(k).isFrozen();
      if (layers[k] != null && !isDone) {
        layers[k].prepare(vector(steps.get(k), parameters), part, parts);
      }
    }
    frozenIsPrepared = true;
  }

  /** The vector that holds a step's parameters. */
  private float[] vector(NetworkStep step, float[] parameters) {
    return step.isFrozen() ? frozen : parameters;
  }

  /**
   * Sends a group through a segment.
   *
   * @param pixels {@code [input shape, 16]} for each block
   * @return where the last segment writes the logits {@code [classes, 16]} of each block; valid
   *     until the next call
   */
  public float[][] forward(int segment, BlockGroup group, float[] parameters, float[][] pixels) {
    select(group);
    for (int k = starts[segment]; k < starts[segment + 1]; k++) {
      if (junctions[k] == null) {
        forward(steps.get(k), layers[k], group, parameters, pixels);
      } else {
        join(steps.get(k), junctions[k], group, pixels);
      }
    }
    if (segment < barriers()) {
      int next = starts[segment + 1];
      barrier(next).collect(group, activation(steps.get(next).input(), pixels));
    }
    return activation(steps.get(steps.size() - 1).writes(), pixels);
  }

  private void forward(
      NetworkStep step, Layer layer, BlockGroup group, float[] parameters, float[][] pixels) {
    float[][] input = activation(step.input(), pixels);
    float[][] addend = step.adds() ? activation(step.addend(), pixels) : null;
    float[][] output = activation(step.writes(), pixels);
    if (layer instanceof BarrierLayer barrier) {
      barrier.forward(group, input, addend, step.floor(), output);
    } else if (layer != null) {
      layer.forward(group, vector(step, parameters), input, output);
    } else {
      for (int k = 0; k < group.size(); k++) {
        kernels.add(input[k], addend[k], step.floor(), output[k], step.output().blockSize());
      }
    }
  }

  private void join(NetworkStep step, Junction junction, BlockGroup group, float[][] pixels) {
    float[][] output = activation(step.writes(), pixels);
    for (int k = 0; k < group.size(); k++) {
      selectJoined(step, k, pixels);
      junction.forward(joined, output[k]);
    }
  }

  private void joinBackward(int index, BlockGroup group, float[][] pixels) {
    NetworkStep step = steps.get(index);
    Route route = bufferPlan.route(index);
    float[][] gradient = workspace.buffer(route.outputGradient());
    for (int k = 0; k < group.size(); k++) {
      selectJoined(step, k, pixels);
      for (int input = 0; input < step.reads().size(); input++) {
        int buffer = route.inputGradients().get(input);
        joinedGradients[input] = buffer == NetworkStep.NONE ? null : workspace.buffer(buffer)[k];
      }
      junctions[index].backward(joined, gradient[k], joinedGradients);
    }
  }

  /** Points to a block of each activation that a junction reads. */
  private void selectJoined(NetworkStep step, int block, float[][] pixels) {
    for (int input = 0; input < step.reads().size(); input++) {
      joined[input] = activation(step.reads().get(input), pixels)[block];
    }
  }

  /** What a step wrote of the block that an observing network has seen last; live. */
  float[] written(NetworkStep step) {
    return written(step.writes());
  }

  /** An activation that is kept, of the block seen last; live. */
  float[] written(int activation) {
    return workspace.buffer(bufferPlan.buffer(activation))[0];
  }

  /** The gradient that a {@link #seeking} network has found of its activation; live. */
  float[] soughtGradient() {
    return workspace.buffer(bufferPlan.soughtGradient())[0];
  }

  List<NetworkStep> steps() {
    return steps;
  }

  /** Joins what all groups found before the barrier behind a segment; called once. */
  public void combine(int segment, float[] parameters, int blocks) {
    barrier(starts[segment + 1]).combine(parameters, blocks);
  }

  /** Where the gradient of each block's logits goes before {@link #backward}. */
  public float[][] logitGradients() {
    return workspace.buffer(bufferPlan.logitGradients());
  }

  /** Sends gradients back through the layers of a segment that learn. */
  public void backward(int segment, BlockGroup group, float[] parameters, float[][] pixels) {
    select(group);
    int first = segment == 0 ? 0 : starts[segment] + 1;
    int last = segment == barriers() ? starts[segment + 1] - 1 : starts[segment + 1];
    for (int k = last; k >= first; k--) {
      stepBackward(k, group, parameters, pixels);
    }
    if (segment > 0) {
      collectGradient(starts[segment], group, pixels);
    }
  }

  private void collectGradient(int barrier, BlockGroup group, float[][] pixels) {
    NetworkStep step = steps.get(barrier);
    Route route = bufferPlan.route(barrier);
    float[][] passed = workspace.buffer(route.passed());
    if (step.rectifies() && !step.rectifiesInside()) {
      float[][] output = activation(step.writes(), pixels);
      passPositive(step, group, output, workspace.buffer(route.outputGradient()), passed);
    }
    float[][] input = activation(step.input(), pixels);
    barrier(barrier).collectGradient(group, input, passed, step.rectifiesInside());
  }

  private void passPositive(
      NetworkStep step, BlockGroup group, float[][] output, float[][] gradient, float[][] passed) {
    for (int k = 0; k < group.size(); k++) {
      kernels.rectifyGradient(output[k], gradient[k], passed[k], step.output().blockSize());
    }
  }

  private void stepBackward(int index, BlockGroup group, float[] parameters, float[][] pixels) {
    Route route = bufferPlan.route(index);
    if (route == null) {
      return;
    }
    NetworkStep step = steps.get(index);
    float[][] output = activation(step.writes(), pixels);
    float[][] gradient = workspace.buffer(route.outputGradient());
    float[][] passed = workspace.buffer(route.passed());
    float[][] input = activation(step.input(), pixels);
    float[][] toInput =
        route.inputGradient() == NetworkStep.NONE ? null : workspace.buffer(route.inputGradient());
    if (step.rectifies() && !step.isBarrier()) {
      passPositive(step, group, output, gradient, passed);
    }
    if (layers[index] instanceof BarrierLayer barrier && toInput != null) {
      barrier.backward(group, input, passed, step.rectifiesInside(), toInput);
    } else if (junctions[index] != null) {
      joinBackward(index, group, pixels);
    } else if (layers[index] != null) {
      layers[index].backward(group, vector(step, parameters), input, output, passed, toInput);
    }
    for (int k = 0; k < route.additions().size(); k++) {
      add(route.additions().get(k), group);
    }
  }

  private void add(Addition addition, BlockGroup group) {
    float[][] gradient = workspace.buffer(addition.gradient());
    float[][] contribution = workspace.buffer(addition.contribution());
    float[][] total = workspace.buffer(addition.total());
    for (int k = 0; k < group.size(); k++) {
      kernels.add(
          gradient[k], contribution[k], Float.NEGATIVE_INFINITY, total[k], addition.length());
    }
  }

  /** Joins what all groups found of the gradient at the barrier before a segment; called once. */
  public void combineGradient(int segment, float[] parameters, int blocks) {
    barrier(starts[segment]).combineGradient(parameters, blocks);
  }

  /**
   * Writes a part of the gradient of the <em>sum</em> of all losses of a mini-batch, after the
   * backward passes of this network and its forks, and of the new buffers.
   *
   * @param gradient one value per parameter, then the buffers; none of what is frozen
   */
  public void finishGradient(int blocks, float[] gradient, int part, int parts) {
    for (int k = 0; k < layers.length; k++) {
      if (layers[k] != null && !steps.get(k).isFrozen()) {
        layers[k].finishGradient(blocks, gradient, part, parts);
      }
    }
  }

  private void select(BlockGroup group) {
    workspace.select(group.pass(0).block(), group.size());
  }

  private float[][] activation(int number, float[][] pixels) {
    return number == PlannedStep.IMAGES ? pixels : workspace.buffer(bufferPlan.buffer(number));
  }

  private BarrierLayer barrier(int step) {
    return (BarrierLayer) layers[step];
  }
}
