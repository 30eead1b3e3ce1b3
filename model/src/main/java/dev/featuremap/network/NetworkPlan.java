package dev.featuremap.network;

import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.network.NetworkPlanner.Flow;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where everything of a network lies: the shapes between layers and each tensor's slice of the flat
 * parameter vector. Execution, model files and the summary all read it.
 *
 * @param spec what is planned
 * @param steps all that runs, in order: layers and joins
 * @param layers each layer with its shapes and tensors, in the same order
 * @param tensors all trainable tensors in the order of the flat vector
 * @param parameters length of the flat vector
 * @param bufferTensors what training moves without a gradient, in the order of their region
 * @param buffers length of that region
 * @param frozen the layers that training leaves alone, which are no part of any of these regions
 * @param wholePlan the plan before layers were frozen; empty where none is
 */
public record NetworkPlan(
    NetworkSpec spec,
    List<PlannedStep> steps,
    List<PlannedLayer> layers,
    List<PlannedTensor> tensors,
    int parameters,
    List<PlannedTensor> bufferTensors,
    int buffers,
    FrozenPart frozen,
    Optional<NetworkPlan> wholePlan) {
  /** Copies the lists. */
  public NetworkPlan {
    steps = List.copyOf(steps);
    layers = List.copyOf(layers);
    tensors = List.copyOf(tensors);
    bufferTensors = List.copyOf(bufferTensors);
  }

  /**
   * Plans a network.
   *
   * @throws IllegalArgumentException if two layers or branches do not join, if a layer reads what
   *     does not stand above it, if nothing reads what a layer writes, if the logits are not a
   *     vector of at least 2 classes, or if the parameters exceed one array
   */
  public static NetworkPlan of(NetworkSpec spec) {
    NetworkPlanner planner = new NetworkPlanner();
    Flow input = new Flow(PlannedStep.IMAGES, spec.input().shape(), "the input");
    Flow logits = planner.follow(spec.layers(), input);
    checkLogits(logits.shape(), logits.from());
    return new NetworkPlan(
        spec,
        planner.steps,
        planner.layers,
        planner.tensors,
        planner.parameters(),
        planner.buffers,
        planner.buffers(),
        FrozenPart.NONE,
        Optional.empty());
  }

  /**
   * The same network of which training leaves some layers alone. They work as in evaluation, with
   * values that {@link #trainedPart} takes.
   *
   * @param frozen tells by name; where it holds for no layer, the plan is this one
   */
  public NetworkPlan freeze(Predicate<String> frozen) {
    if (layers.stream().noneMatch(layer -> frozen.test(layer.name()))) {
      return this;
    }
    Region trained = new Region();
    Region left = new Region();
    List<PlannedLayer> moved = new ArrayList<>();
    for (PlannedLayer layer : layers) {
      boolean isFrozen = frozen.test(layer.name());
      moved.add((isFrozen ? left : trained).take(layer, isFrozen));
    }
    List<PlannedStep> movedSteps = new ArrayList<>();
    for (PlannedStep step : steps) {
      movedSteps.add(step.layer().map(layer -> step.with(moved.get(layer.index()))).orElse(step));
    }
    return new NetworkPlan(
        spec,
        movedSteps,
        moved,
        trained.tensors,
        trained.parameters,
        trained.bufferTensors,
        trained.buffers,
        left.frozen(),
        Optional.of(this));
  }

  /** The same plan with the values of its frozen layers, of {@link FrozenPart#size()}. */
  public NetworkPlan withFrozen(float[] values) {
    return new NetworkPlan(
        spec,
        steps,
        layers,
        tensors,
        parameters,
        bufferTensors,
        buffers,
        frozen.with(values),
        wholePlan);
  }

  /** The plan of the network with nothing frozen. */
  public NetworkPlan whole() {
    return wholePlan.orElse(this);
  }

  /** Where each tensor is, in the order of the whole model: parameters, then buffers. */
  public List<TensorPlace> tensorPlaces() {
    return new ModelParts(this).places();
  }

  /**
   * Keeps of a whole model what is frozen, in {@link FrozenPart#values}.
   *
   * @param model parameters of the whole network, then its buffers
   * @return the trained parameters, then their buffers
   */
  public float[] trainedPart(float[] model) {
    float[] trained = new float[parameters + buffers];
    new ModelParts(this).split(model, trained);
    return trained;
  }

  /**
   * The whole model: parameters of the whole network, then its buffers.
   *
   * @param trained the trained parameters, then their buffers; returned as it is if nothing is
   *     frozen
   */
  public float[] wholeModel(float[] trained) {
    if (wholePlan.isEmpty()) {
      return trained;
    }
    NetworkPlan whole = whole();
    float[] model = new float[whole.parameters + whole.buffers];
    new ModelParts(this).join(trained, model);
    return model;
  }

  private static void checkLogits(Shape shape, String last) {
    if (!shape.isFlat() || shape.channels() < 2) {
      throw new IllegalArgumentException(
          "Cannot join the loss to %s: it takes a vector of at least 2 classes, got %s. End the network with a fully-connected layer."
              .formatted(last, shape));
    }
  }

  /** The tensors of a model in the order of its values: parameters, then buffers. */
  public List<PlannedTensor> modelTensors() {
    return Stream.concat(tensors.stream(), bufferTensors.stream()).toList();
  }

  /** True when all blocks of a mini-batch meet between two layers. */
  public boolean hasBarriers() {
    return layers.stream().anyMatch(PlannedLayer::isBarrier);
  }

  /**
   * Bytes of the activations and their gradients while training on a mini-batch: of all its images
   * where {@linkplain #hasBarriers() barriers} keep them, of one group of blocks a thread
   * elsewhere.
   *
   * @param blocks blocks of 16 images that are kept
   */
  public long activationBytes(int blocks) {
    return (long) blocks * Float.BYTES * BufferPlan.training(steps).blockFloats();
  }

  /** Bytes of the activations while predicting so many blocks of 16 images together. */
  public long predictionBytes(int blocks) {
    return (long) blocks * Float.BYTES * BufferPlan.predicting(steps).blockFloats();
  }

  /** The shape of an activation: of the images, or of what a step writes. */
  public Shape shape(int activation) {
    return activation == PlannedStep.IMAGES
        ? spec.input().shape()
        : steps.get(activation - 1).output();
  }

  /** How network files name an activation. */
  String name(int activation) {
    return activation == PlannedStep.IMAGES
        ? NetworkPlanner.IMAGES
        : steps.get(activation - 1).name();
  }

  /**
   * The plan up to a step, whose output takes the place of the logits: nothing above it is
   * computed. Parameters and buffers keep their places.
   *
   * @param name of a layer, or of what joins several, as the table of layers has it
   * @throws IllegalArgumentException if there is none of that name
   */
  public NetworkPlan upTo(String name) {
    List<String> names = steps.stream().map(PlannedStep::name).toList();
    int last = names.lastIndexOf(name);
    if (last < 0) {
      throw new IllegalArgumentException(
          "the network has no layer %s, expected one of %s".formatted(name, names));
    }
    return with(spec, steps.subList(0, last + 1));
  }

  /** Some of the steps, with the state of all. */
  NetworkPlan with(NetworkSpec partSpec, List<PlannedStep> part) {
    return new NetworkPlan(
        partSpec,
        part,
        part.stream().flatMap(step -> step.layer().stream()).toList(),
        tensors,
        parameters,
        bufferTensors,
        buffers,
        frozen,
        wholePlan);
  }

  /** Where the plan can be cut so that its lower part is computed once an image. */
  public Optional<FeatureCut> featureCut() {
    return FeatureCut.of(this);
  }

  /**
   * The shape of what comes out: the logits, or the output of the step that {@link #upTo} names.
   */
  public Shape output() {
    return steps.get(steps.size() - 1).output();
  }

  /** Outputs of the network. */
  public int classes() {
    return shape(steps.size()).channels();
  }

  /** Images of the largest mini-batch: what a layer keeps of all of them must fit one array. */
  public int largestBatch() {
    int floats = 1;
    for (PlannedLayer layer : layers) {
      int kept = layer.frozen() ? 0 : layer.spec().keptPerImage(layer.input());
      floats = Math.max(floats, kept);
    }
    int images = (Integer.MAX_VALUE - 8) / floats;
    return images - images % Lanes.COUNT;
  }

  /** The starting values of all parameters, a pure function of the seed. */
  public float[] initialParameters(long seed) {
    float[] values = new float[parameters];
    fill(tensors, 0, values, seed);
    return values;
  }

  /**
   * The starting state of training: parameters, {@code slots} optimizer values each, buffers.
   *
   * @param slots 0 for a model that only predicts
   */
  public float[] initialState(long seed, int slots) {
    StateLayout layout = stateLayout(slots);
    float[] state = Arrays.copyOf(initialParameters(seed), layout.size());
    fill(bufferTensors, layout.buffersAt(), state, seed);
    return state;
  }

  private static void fill(List<PlannedTensor> tensors, int start, float[] values, long seed) {
    for (int index = 0; index < tensors.size(); index++) {
      PlannedTensor tensor = tensors.get(index);
      ParameterSpec spec = tensor.spec();
      int from = start + tensor.at();
      spec.initializer()
          .fill(values, from, from + spec.size(), seed, index, spec.fanIn(), spec.fanOut());
    }
  }

  /** The state vector of training with an optimizer of {@code slots} values per parameter. */
  public StateLayout stateLayout(int slots) {
    List<StateLayout.Range> decayed = new ArrayList<>();
    for (PlannedTensor tensor : tensors) {
      if (tensor.spec().decays()) {
        decayed.add(new StateLayout.Range(tensor.at(), tensor.at() + tensor.spec().size()));
      }
    }
    return new StateLayout(parameters, slots, buffers, decayed, List.of(), matrices());
  }

  /**
   * The weights that an optimizer may treat as matrices: those of convolutions as [maps,
   * channels·field], each group by itself, and fully connected ones. Without the last weights,
   * whose rows are classes, and without vectors.
   */
  public List<StateLayout.Matrix> matrices() {
    List<PlannedTensor> weights =
        tensors.stream().filter(tensor -> tensor.spec().decays()).toList();
    List<StateLayout.Matrix> matrices = new ArrayList<>();
    for (PlannedTensor tensor : weights.subList(0, Math.max(0, weights.size() - 1))) {
      int columns = tensor.spec().fanIn();
      int rows = tensor.spec().rowsOfGroup();
      for (int at = 0; rows > 1 && columns > 1 && at < tensor.spec().size(); at += rows * columns) {
        matrices.add(new StateLayout.Matrix(tensor.at() + at, rows, columns));
      }
    }
    return matrices;
  }
}
