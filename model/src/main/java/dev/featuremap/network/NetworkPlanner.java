package dev.featuremap.network;

import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.network.NetworkPart.Layer;
import dev.featuremap.network.NetworkPart.Residual;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Walks through a network, joins its parts, and gives each its place in the plan. */
final class NetworkPlanner {
  final List<PlannedStep> steps = new ArrayList<>();
  final List<PlannedLayer> layers = new ArrayList<>();
  final List<PlannedTensor> tensors = new ArrayList<>();
  final List<PlannedTensor> buffers = new ArrayList<>();
  private long parameterCount;
  private long bufferCount;

  /**
   * What flows between two parts.
   *
   * @param activation number of the activation
   * @param from who made it, for messages
   */
  record Flow(int activation, Shape shape, String from) {}

  /** Plans parts one after the other and returns what flows out of the last. */
  Flow follow(String prefix, List<NetworkPart> parts, Flow input) {
    Flow flow = input;
    for (NetworkPart part : parts) {
      flow =
          part instanceof Residual residual
              ? residual(prefix + residual.name(), residual, flow)
              : layer(prefix + part.name(), (Layer) part, flow);
    }
    return flow;
  }

  private Flow residual(String name, Residual residual, Flow input) {
    Flow branch = follow(name + ".", residual.layers(), input);
    Flow shortcut = follow(name + ".", residual.shortcut(), input);
    if (!branch.shape().equals(shortcut.shape())) {
      throw new IllegalArgumentException(
          "Cannot add the shortcut of %s to its layers: both need one shape, got %s from %s and %s from %s. Give the residual a shortcut with the stride and the feature maps of its layers."
              .formatted(name, branch.shape(), branch.from(), shortcut.shape(), shortcut.from()));
    }
    List<Integer> reads = List.of(branch.activation(), shortcut.activation());
    return add(new PlannedStep(name, Optional.empty(), reads, steps.size() + 1, branch.shape()));
  }

  private Flow layer(String name, Layer layer, Flow input) {
    Shape output = join(name, input, layer.spec()::outputShape);
    int parametersAt = (int) parameterCount;
    int buffersAt = (int) bufferCount;
    for (ParameterSpec tensor : join(name, input, layer.spec()::parameters)) {
      tensors.add(new PlannedTensor(name + "." + tensor.name(), tensor, (int) parameterCount));
      parameterCount += tensor.size();
      checkTotal(name);
    }
    for (ParameterSpec tensor : layer.spec().buffers(input.shape())) {
      buffers.add(new PlannedTensor(name + "." + tensor.name(), tensor, (int) bufferCount));
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
            buffersAt);
    layers.add(planned);
    List<Integer> reads = List.of(input.activation());
    return add(new PlannedStep(name, Optional.of(planned), reads, steps.size() + 1, output));
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
