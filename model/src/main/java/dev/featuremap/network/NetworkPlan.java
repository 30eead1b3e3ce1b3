package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.network.NetworkSpec.NamedLayer;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where everything of a network lies: the shapes between layers and each tensor's slice of the flat
 * parameter vector. Execution, model files and the summary all read it.
 *
 * @param network what is planned
 * @param layers each layer with its shapes and tensors
 * @param tensors all tensors in the order of the flat vector
 * @param parameters length of the flat vector
 */
public record NetworkPlan(
    NetworkSpec network, List<PlannedLayer> layers, List<PlannedTensor> tensors, int parameters) {

  /**
   * A layer in its place.
   *
   * @param index its number in the network, from 0
   * @param parametersAt where its slice starts
   * @param parameters length of its slice
   */
  public record PlannedLayer(
      int index,
      String name,
      LayerSpec spec,
      Shape input,
      Shape output,
      int parametersAt,
      int parameters) {

    /** This layer computed as another of the same shapes. */
    PlannedLayer as(LayerSpec other) {
      return new PlannedLayer(index, name, other, input, output, parametersAt, parameters);
    }
  }

  /**
   * A tensor in its place.
   *
   * @param name {@code layer.tensor}, as in {@code conv1.weight}
   * @param at where it starts in the flat vector
   */
  public record PlannedTensor(String name, ParameterSpec spec, int at) {}

  /** Copies the lists. */
  public NetworkPlan {
    layers = List.copyOf(layers);
    tensors = List.copyOf(tensors);
  }

  /**
   * Plans a network.
   *
   * @throws IllegalArgumentException if two layers do not join, if the logits are not a vector of
   *     at least 2 classes, or if the parameters exceed one array
   */
  public static NetworkPlan of(NetworkSpec network) {
    List<PlannedLayer> layers = new ArrayList<>();
    List<PlannedTensor> tensors = new ArrayList<>();
    Shape shape = network.input().shape();
    String before = "the input";
    long at = 0;
    for (NamedLayer layer : network.layers()) {
      Shape output = join(layer, shape, before, layer.spec()::outputShape);
      long start = at;
      for (ParameterSpec tensor : join(layer, shape, before, layer.spec()::parameters)) {
        tensors.add(new PlannedTensor(layer.name() + "." + tensor.name(), tensor, (int) at));
        at += tensor.size();
        checkTotal(at, layer.name());
      }
      layers.add(
          new PlannedLayer(
              layers.size(),
              layer.name(),
              layer.spec(),
              shape,
              output,
              (int) start,
              (int) (at - start)));
      shape = output;
      before = layer.name();
    }
    checkLogits(shape, before);
    return new NetworkPlan(network, layers, tensors, (int) at);
  }

  /** What {@code rule} makes of the input; failures name the layer and the one before. */
  private static <T> T join(NamedLayer layer, Shape input, String before, Function<Shape, T> rule) {
    try {
      return rule.apply(input);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot join %s to %s: %s".formatted(layer.name(), before, e.getMessage()), e);
    }
  }

  private static void checkTotal(long parameters, String layer) {
    if (parameters > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot hold the parameters up to %s: %d floats exceed one array of 2^31."
              .formatted(layer, parameters));
    }
  }

  private static void checkLogits(Shape shape, String last) {
    if (!shape.isFlat() || shape.channels() < 2) {
      throw new IllegalArgumentException(
          "Cannot join the loss to %s: it takes a vector of at least 2 classes, got %s. End the network with a fully-connected layer."
              .formatted(last, shape));
    }
  }

  /** The layers in the order they run, which {@link ExecutionOrder} explains. */
  List<PlannedLayer> execution() {
    return ExecutionOrder.of(layers);
  }

  /** Outputs of the network. */
  public int classes() {
    return layers.get(layers.size() - 1).output().channels();
  }

  /** Images of the largest mini-batch: what a layer keeps of all of them must fit one array. */
  public int largestBatch() {
    int floats = 1;
    for (PlannedLayer layer : layers) {
      floats = Math.max(floats, layer.spec().keptPerImage(layer.input()));
    }
    int images = (Integer.MAX_VALUE - 8) / floats;
    return images - images % Lanes.COUNT;
  }

  /** The starting values of all parameters, a pure function of the seed. */
  public float[] initialParameters(long seed) {
    float[] values = new float[parameters];
    for (int index = 0; index < tensors.size(); index++) {
      PlannedTensor tensor = tensors.get(index);
      ParameterSpec spec = tensor.spec();
      spec.initializer()
          .fill(
              values,
              tensor.at(),
              tensor.at() + spec.size(),
              seed,
              index,
              spec.fanIn(),
              spec.fanOut());
    }
    return values;
  }

  /** The state vector of training with an optimizer of {@code slots} values per parameter. */
  public StateLayout stateLayout(int slots) {
    List<StateLayout.Range> decayed = new ArrayList<>();
    for (PlannedTensor tensor : tensors) {
      if (tensor.spec().decays()) {
        decayed.add(new StateLayout.Range(tensor.at(), tensor.at() + tensor.spec().size()));
      }
    }
    return new StateLayout(parameters, slots, decayed);
  }

  /** The network as a table of layers, output shapes and parameters. */
  public String table() {
    return NetworkTable.render(this);
  }
}
