package dev.featuremap.network;

import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.network.NetworkPart.Branches;
import dev.featuremap.network.NetworkPart.Layer;
import dev.featuremap.network.NetworkPart.Named;
import dev.featuremap.spec.Nearest;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Walks through a network, joins its parts, and gives each its place in the plan. */
final class NetworkPlanner {
  /** How layers name the images, unless a layer has that name. */
  static final String IMAGES = "input";

  final List<PlannedStep> steps = new ArrayList<>();
  final List<PlannedLayer> layers = new ArrayList<>();
  final List<PlannedTensor> tensors = new ArrayList<>();
  final List<PlannedTensor> buffers = new ArrayList<>();
  private final Map<String, Flow> named = new HashMap<>();
  private final Set<String> tensorNames = new HashSet<>();
  private long parameterCount;
  private long bufferCount;

  /**
   * What flows between two parts.
   *
   * @param activation number of the activation
   * @param from who made it, for messages
   */
  record Flow(int activation, Shape shape, String from) {}

  /**
   * Plans a network and returns what flows out of its last part.
   *
   * @throws IllegalArgumentException that names the parts that do not fit together
   */
  Flow follow(List<NetworkPart> parts, Flow images) {
    named.put(IMAGES, images);
    Flow output = follow("", parts, images);
    Set<Integer> read = new HashSet<>();
    steps.forEach(step -> read.addAll(step.reads()));
    for (PlannedStep step : steps) {
      if (!read.contains(step.writes()) && step.writes() != output.activation()) {
        throw new IllegalArgumentException(
            "Cannot leave the output of %s unread: nothing reads it. Remove the layer, or name it as an input."
                .formatted(step.name()));
      }
    }
    return output;
  }

  private Flow follow(String prefix, List<NetworkPart> parts, Flow input) {
    Flow flow = input;
    for (NetworkPart part : parts) {
      flow = follow(prefix, part, flow);
      named.put(prefix + part.name(), flow);
    }
    return flow;
  }

  private Flow follow(String prefix, NetworkPart part, Flow before) {
    String name = prefix + part.name();
    if (part instanceof Branches branches) {
      Flow input = input(prefix, name, branches.input(), before);
      List<Flow> outputs =
          branches.branches().stream().map(branch -> follow(name + ".", branch, input)).toList();
      return join(name, branches.join(), outputs, true);
    }
    if (part instanceof Named join) {
      List<Flow> inputs = join.inputs().stream().map(wanted -> find(prefix, name, wanted)).toList();
      return join(name, join.join(), inputs, false);
    }
    Layer layer = (Layer) part;
    return layer(name, layer, input(prefix, name, layer.input(), before));
  }

  private Flow input(String prefix, String name, Optional<String> read, Flow before) {
    return read.map(wanted -> find(prefix, name, wanted)).orElse(before);
  }

  /** What stands above under a name: among the parts around the reader, from inside out. */
  private Flow find(String prefix, String reader, String name) {
    String scope = prefix;
    while (true) {
      Flow found = named.get(scope + name);
      if (found != null) {
        return found;
      }
      if (scope.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot read %s in %s: nothing of that name stands above it.%s"
                .formatted(
                    name,
                    reader,
                    Nearest.to(name, named.keySet())
                        .map(near -> " Did you mean %s?".formatted(near))
                        .orElse("")));
      }
      scope = scope.substring(0, scope.lastIndexOf('.', scope.length() - 2) + 1);
    }
  }

  private Flow join(String name, Join join, List<Flow> inputs, boolean branches) {
    List<Shape> shapes = inputs.stream().map(Flow::shape).toList();
    if (!join.fits(shapes)) {
      throw new IllegalArgumentException(misfit(name, join, inputs, branches));
    }
    List<Integer> reads = inputs.stream().map(Flow::activation).toList();
    Shape output = join.output(shapes);
    return add(
        new PlannedStep(
            name, Optional.empty(), Optional.of(join), reads, steps.size() + 1, output));
  }

  private static String misfit(String name, Join join, List<Flow> inputs, boolean branches) {
    String got =
        inputs.stream()
            .map(input -> "%s from %s".formatted(input.shape(), input.from()))
            .collect(Collectors.joining(" and "));
    return join == Join.ADD && branches
        ? "Cannot add the shortcut of %s to its layers: %s, got %s. Give the residual a shortcut with the stride and the feature maps of its layers."
            .formatted(name, join.rule(), got)
        : "Cannot %s the inputs of %s: %s, got %s.".formatted(join.verb(), name, join.rule(), got);
  }

  private Flow layer(String name, Layer layer, Flow input) {
    Shape output = join(name, input, layer.spec()::outputShape);
    int parametersAt = (int) parameterCount;
    int buffersAt = (int) bufferCount;
    for (ParameterSpec tensor : join(name, input, layer.spec()::parameters)) {
      tensors.add(new PlannedTensor(tensorName(name, tensor), tensor, (int) parameterCount));
      parameterCount += tensor.size();
      checkTotal(name);
    }
    for (ParameterSpec tensor : layer.spec().buffers(input.shape())) {
      buffers.add(new PlannedTensor(tensorName(name, tensor), tensor, (int) bufferCount));
      bufferCount += tensor.size();
      checkTotal(name);
    }
    PlannedLayer planned =
        new PlannedLayer(
            layers.size(),
            name,
            layer.spec(),
            input.shape(),
            output,
            parametersAt,
            parameters() - parametersAt,
            buffersAt,
            false);
    layers.add(planned);
    List<Integer> reads = List.of(input.activation());
    return add(
        new PlannedStep(
            name, Optional.of(planned), Optional.empty(), reads, steps.size() + 1, output));
  }

  private String tensorName(String layer, ParameterSpec tensor) {
    String name = PlannedTensor.nameOf(layer, tensor);
    if (!tensorNames.add(name)) {
      throw new IllegalArgumentException(
          "Cannot name the tensor %s of layer %s: another layer has a tensor of that name. Name one of the layers differently."
              .formatted(name, layer));
    }
    return name;
  }

  private Flow add(PlannedStep step) {
    steps.add(step);
    return new Flow(step.writes(), step.output(), step.name());
  }

  /** What {@code rule} makes of the input; failures name the layer and the one before. */
  private static <T> T join(String name, Flow input, Function<Shape, T> rule) {
    try {
      return rule.apply(input.shape());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot join %s to %s: %s".formatted(name, input.from(), e.getMessage()), e);
    }
  }

  private void checkTotal(String layer) {
    if (parameterCount + bufferCount > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot hold the parameters up to %s: %s floats exceed one array of 2^31."
              .formatted(layer, parameterCount + bufferCount));
    }
  }

  int parameters() {
    return (int) parameterCount;
  }

  int buffers() {
    return (int) bufferCount;
  }
}
