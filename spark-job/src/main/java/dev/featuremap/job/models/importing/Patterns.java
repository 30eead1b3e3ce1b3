package dev.featuremap.job.models.importing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Activation functions that graphs write as sums and products of others. */
final class Patterns {
  private static final double ROOT_HALF = Math.sqrt(0.5);

  private static final String ERF_PLUS_1 = "erf plus 1";
  private static final String GELU_GATE = "gelu gate";
  private static final double TANH_FACTOR = Math.sqrt(2 / Math.PI);
  private static final double TANH_CUBE = 0.044715;

  private Patterns() {}

  /** What a product is: {@code x · σ(x)} is silu, for example. */
  static Optional<Flow> ofProduct(Place place, Flow left, Flow right) {
    return gated(place, left, right.element()).or(() -> gated(place, right, left.element()));
  }

  private static Optional<Flow> gated(Place place, Flow flow, Element gate) {
    Element x = flow.element();
    if (gate.is("sigmoid") && gate.input().equals(x)) {
      return layer(place, flow, "silu", Map.of(), x);
    }
    if (gate.is("hard-sigmoid") && gate.input().equals(x)) {
      return layer(place, flow, "hard-swish", Map.of(), x);
    }
    if (gate.is("tanh")
        && isPart(gate.input(), ElementwiseOperators.SOFTPLUS)
        && gate.input().input().equals(x)) {
      return layer(place, flow, "mish", Map.of(), x);
    }
    return gelu(place, flow, gate);
  }

  private static Optional<Flow> gelu(Place place, Flow flow, Element gate) {
    Element x = flow.element();
    Optional<Map<String, Object>> form = geluForm(gate, x);
    if (form.isPresent()) {
      // x · (1 + …) is gelu twice.
      Flow gelu = place.layer(flow, "gelu", form.get());
      return Optional.of(gelu.with(ArithmeticOperators.scale(place, gelu.element(), 2, 0)));
    }
    boolean halfGate = isPart(gate, GELU_GATE) || (gate.is("scale") && isFactor(gate, 0.5));
    if (halfGate) {
      return geluForm(gate.input(), x).flatMap(found -> layer(place, flow, "gelu", found, x));
    }
    boolean half = x.is("scale") && isFactor(x, 0.5);
    return half
        ? geluForm(gate, x.input()).flatMap(found -> layer(place, flow, "gelu", found, x.input()))
        : Optional.empty();
  }

  /** What a product with a number and a sum with another is. */
  static Optional<Flow> ofScale(Place place, Flow flow, double factor, double addend) {
    Element x = flow.element();
    boolean sixth = Math.abs(factor - 1 / 6.0) < 1e-6 && addend == 0;
    if (sixth && isHardGate(x)) {
      return layer(place, flow, "hard-sigmoid", Map.of(), x.input().input());
    }
    if (sixth && x.is("multiply")) {
      Element left = x.inputs().get(0);
      Element right = x.inputs().get(1);
      if (isHardGate(right) && right.input().input().equals(left)) {
        return layer(place, flow, "hard-swish", Map.of(), left);
      }
      if (isHardGate(left) && left.input().input().equals(right)) {
        return layer(place, flow, "hard-swish", Map.of(), right);
      }
    }
    if (factor == 0.5 && addend == 0 && x.is("scale") && isFactor(x, 2) && x.input().is("gelu")) {
      return Optional.of(flow.with(x.input()));
    }
    if (factor == 0.5 && addend == 0 && isPart(x, ERF_PLUS_1)) {
      return Optional.of(flow.with(place.elements().part(place.node(), GELU_GATE, true, x)));
    }
    if (factor == 1 && addend == 1 && isPart(x, ElementwiseOperators.ERF)) {
      return Optional.of(
          flow.with(place.elements().part(place.node(), ERF_PLUS_1, true, x.input())));
    }
    return Optional.empty();
  }

  /** What a root is: {@code √(n · mean of n squares)} is L2 pooling. */
  static Optional<Flow> ofRoot(Place place, Flow flow) {
    Element x = flow.element();
    double factor =
        x.is("scale") && x.options().get("factor") instanceof Double number ? number : 1;
    Element mean = x.is("scale") ? x.input() : x;
    if (!mean.is("average-pool") || x.options().containsKey("offset")) {
      return Optional.empty();
    }
    Element square = mean.input();
    boolean squares =
        !square.inputs().isEmpty() && square.isProductOf(square.input(), square.input());
    if (!squares || factor != pixels(mean.options().get("window"))) {
      return Optional.empty();
    }
    Map<String, Object> options = new LinkedHashMap<>(mean.options());
    options.remove("count-padding");
    return layer(place, flow, "l2-pool", options, square.input());
  }

  private static long pixels(Object window) {
    return window instanceof List<?> sides
        ? (long) (Integer) sides.get(0) * (Integer) sides.get(1)
        : (long) (Integer) window * (Integer) window;
  }

  /** {@code relu6(x + 3)}. */
  private static boolean isHardGate(Element gate) {
    return gate.is("relu6") && gate.input().is("scale") && isOffset(gate.input(), 3);
  }

  /** The options of a gelu: of {@code 1 + erf(x / √2)}, or of {@code 1 + tanh(…)} instead. */
  private static Optional<Map<String, Object>> geluForm(Element gate, Element x) {
    if (isPart(gate, ERF_PLUS_1)) {
      Element scaled = gate.input();
      return isNearFactor(scaled, ROOT_HALF) && scaled.input().equals(x)
          ? Optional.of(Map.of("approximate", "none"))
          : Optional.empty();
    }
    boolean tanh = gate.is("scale") && isOffset(gate, 1) && gate.input().is("tanh");
    return tanh && isGeluTanh(gate.input().input(), x) ? Optional.of(Map.of()) : Optional.empty();
  }

  /** {@code √(2 / π) · (x + 0.044715 x³)}. */
  private static boolean isGeluTanh(Element scaled, Element x) {
    if (!isNearFactor(scaled, TANH_FACTOR) || !scaled.input().is("add")) {
      return false;
    }
    List<Element> terms = scaled.input().inputs();
    Element cube = terms.get(terms.get(0).equals(x) ? 1 : 0);
    return terms.contains(x) && isNearFactor(cube, TANH_CUBE) && isCube(cube.input(), x);
  }

  private static boolean isCube(Element cube, Element x) {
    return cube.is("multiply")
        && cube.inputs().stream()
            .anyMatch(square -> square.isProductOf(x, x) && cube.isProductOf(x, square));
  }

  private static boolean isNearFactor(Element scale, double factor) {
    return scale.is("scale")
        && scale.options().get("factor") instanceof Double found
        && Math.abs(found - factor) < 1e-6
        && !scale.options().containsKey("offset");
  }

  private static boolean isFactor(Element scale, double factor) {
    return Double.valueOf(factor).equals(scale.options().get("factor"))
        && !scale.options().containsKey("offset");
  }

  private static boolean isOffset(Element scale, double offset) {
    return Double.valueOf(offset).equals(scale.options().get("offset"))
        && !scale.options().containsKey("factor");
  }

  private static boolean isPart(Element element, String what) {
    return element.type() == null && element.options().containsKey(what);
  }

  private static Optional<Flow> layer(
      Place place, Flow flow, String type, Map<String, Object> options, Element x) {
    return Optional.of(place.layer(flow, type, options, x));
  }
}
