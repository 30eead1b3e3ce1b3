package dev.featuremap.job.models.importing;

import dev.featuremap.job.models.importing.Flow.Layout;
import java.util.Map;
import java.util.Optional;

/**
 * A node in its graph, for the operator that reads it. Failures are {@link
 * IllegalArgumentException}s that begin in the middle of a sentence, as {@code its kernel must be}.
 *
 * @param elements gets what the node becomes
 * @param constants by name, of all above
 * @param flows by name, of all above
 */
record Place(
    OnnxNode node, Elements elements, Map<String, Constant> constants, Map<String, Flow> flows) {

  boolean isFlow(int input) {
    return flows.containsKey(node.input(input));
  }

  boolean isConstant(int input) {
    return constants.containsKey(node.input(input));
  }

  /** An input that depends on the images. */
  Flow flow(int input) {
    Flow flow = flows.get(node.input(input));
    if (flow == null) {
      throw new IllegalArgumentException(
          "its input %s must depend on the images".formatted(input + 1));
    }
    return flow;
  }

  /** An input of that layout. */
  Flow flow(int input, Layout layout) {
    Flow flow = flow(input);
    if (flow.layout() != layout) {
      throw new IllegalArgumentException(
          "its input %s must be %s, got %s".formatted(input + 1, layout, flow.layout()));
    }
    return flow;
  }

  /** An input that does not depend on the images. */
  Constant constant(int input) {
    return optionalConstant(input)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "its input %s must be a constant, got %s".formatted(input + 1, name(input))));
  }

  private String name(int input) {
    return node.input(input).isEmpty() ? "none" : node.input(input);
  }

  /** The same where it may be left out. */
  Optional<Constant> optionalConstant(int input) {
    if (isFlow(input)) {
      throw new IllegalArgumentException(
          "its input %s must be a constant, got %s".formatted(input + 1, name(input)));
    }
    return Optional.ofNullable(constants.get(node.input(input)));
  }

  /** A number from an attribute, as older versions have it, or from an input. */
  double number(String attribute, int input, double fallback) {
    return node.has(attribute)
        ? node.number(attribute, fallback)
        : optionalConstant(input)
            .map(constant -> OnnxNode.exact((float) constant.at(0)))
            .orElse(fallback);
  }

  /** Whole numbers from an attribute, as older versions have them, or from an input. */
  Optional<long[]> integers(String attribute, int input) {
    return node.has(attribute)
        ? Optional.of(node.integers(attribute))
        : optionalConstant(input).map(Constant::longs);
  }

  /** What a node reshapes to. */
  long[] shape() {
    return node.has("shape") ? node.integers("shape") : constant(1).longs();
  }

  /** A layer without tensors, in the layout of what it reads. */
  Flow layer(Flow input, String type, Map<String, Object> options) {
    return layer(input, type, options, input.element());
  }

  /** The same of another element than the input's, such as one behind a padding. */
  Flow layer(Flow input, String type, Map<String, Object> options, Element from) {
    return input.with(elements.layer(node, type, options, from));
  }

  /** A layer with tensors, which is named by the node's weights, its second input. */
  Flow layer(
      Flow input,
      String type,
      Map<String, Object> options,
      Element from,
      Map<String, float[]> tensors) {
    return input.with(elements.layer(node, type, options, from, tensors, Names.of(node, 1)));
  }

  /** What is no layer by itself, see {@link Elements#part}. */
  Flow part(Flow input, String what, Object value) {
    return input.with(elements.part(node, what, value, input.element()));
  }

  /** Names the result. */
  void result(Flow flow) {
    flows.put(node.output(0), flow);
  }

  void result(int output, Flow flow) {
    flows.put(node.output(output), flow);
  }

  /** An axis from 0, where negative ones count from the end. */
  static int axis(long axis, int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }
}
