package dev.featuremap.job.models.importing;

import dev.featuremap.job.models.importing.Flow.Layout;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/**
 * Sums and products: of activations, and with numbers, which become part of the layer before them
 * where there is one number for each channel.
 *
 * <p>Frameworks write some activation functions as sums and products; {@link Patterns} finds them.
 */
final class ArithmeticOperators {
  static final Map<String, Consumer<Place>> ALL =
      Map.of(
          "Add", ArithmeticOperators::add,
          "Sum", ArithmeticOperators::add,
          "Sub", ArithmeticOperators::subtract,
          "Mul", ArithmeticOperators::multiply,
          "Div", ArithmeticOperators::divide,
          "Neg", place -> affine(place, 0, Constant.of(List.of(), -1), Constant.of(List.of(), 0)));

  /** Layers whose weights take factors and addends of their channels. */
  private static final Set<String> FOLDING = Set.of("convolution", "fully-connected", "batch-norm");

  private static final Set<String> NORMS = Set.of("layer-norm", "group-norm", "instance-norm");

  private static final Constant ZERO = Constant.of(List.of(), 0);
  private static final Constant ONE = Constant.of(List.of(), 1);

  private ArithmeticOperators() {}

  private static void add(Place place) {
    if (place.node().inputs() == 2 && place.isConstant(1)) {
      affine(place, 0, ONE, place.constant(1));
    } else if (place.node().inputs() == 2 && place.isConstant(0)) {
      affine(place, 1, ONE, place.constant(0));
    } else {
      Flow sum = place.flow(0);
      for (int k = 1; k < place.node().inputs(); k++) {
        sum = sum(place, sum, place.flow(k));
      }
      place.result(sum);
    }
  }

  private static Flow sum(Place place, Flow left, Flow right) {
    if (!left.shape().equals(right.shape())
        || left.layout() != right.layout()
        || left.groups() != right.groups()) {
      throw new IllegalArgumentException(
          "its inputs must have one shape, got %s and %s".formatted(left.shape(), right.shape()));
    }
    return left.with(
        place
            .elements()
            .join(place.node(), "add", List.of(left.element(), right.element()), left.shape()));
  }

  private static void subtract(Place place) {
    if (place.isConstant(1)) {
      affine(place, 0, ONE, changed(place.constant(1), value -> -value));
    } else if (place.isConstant(0)) {
      affine(place, 1, Constant.of(List.of(), -1), place.constant(0));
    } else {
      Flow left = place.flow(0);
      Flow right = place.flow(1);
      place.result(
          NormalizationPatterns.ofDifference(place, left, right)
              .orElseGet(() -> sum(place, left, right.with(scale(place, right.element(), -1, 0)))));
    }
  }

  private static void multiply(Place place) {
    if (place.isConstant(1)) {
      affine(place, 0, place.constant(1), ZERO);
    } else if (place.isConstant(0)) {
      affine(place, 1, place.constant(0), ZERO);
    } else {
      Flow left = place.flow(0);
      Flow right = place.flow(1);
      place.result(
          Patterns.ofProduct(place, left, right)
              .or(() -> NormalizationPatterns.ofProduct(place, left, right))
              .orElseGet(() -> product(place, left, right)));
    }
  }

  /** The product of two activations, or of one and a value a channel. */
  static Flow product(Place place, Flow left, Flow right) {
    boolean swaps = left.shape().isFlat() && !right.shape().isFlat();
    Flow x = swaps ? right : left;
    Flow gate = swaps ? left : right;
    Shape shape = x.shape();
    boolean gates = gate.shape().isFlat() && gate.shape().channels() == shape.channels();
    if (x.layout() != gate.layout() || !(gate.shape().equals(shape) || gates)) {
      throw new IllegalArgumentException(
          "the second factor must have the shape of the first, or one value a channel, got %s and %s"
              .formatted(left.shape(), right.shape()));
    }
    return x.with(
        place
            .elements()
            .join(place.node(), "multiply", List.of(x.element(), gate.element()), shape));
  }

  private static void divide(Place place) {
    if (place.isConstant(0) && place.constant(0).size() == 1 && place.constant(0).at(0) == 1) {
      place.result(place.part(place.flow(1), NormalizationPatterns.RECIPROCAL, true));
      return;
    }
    if (place.isFlow(0) && place.isFlow(1)) {
      Optional<Flow> quotient =
          NormalizationPatterns.ofQuotient(place, place.flow(0), place.flow(1));
      if (quotient.isPresent()) {
        place.result(quotient.get());
        return;
      }
    }
    affine(place, 0, changed(place.constant(1), value -> 1 / value), ZERO);
  }

  private static Constant changed(Constant constant, DoubleUnaryOperator change) {
    double[] values = new double[constant.size()];
    Arrays.setAll(values, k -> change.applyAsDouble(constant.at(k)));
    return Constant.of(constant.dims(), values);
  }

  /** An input times a factor plus an addend. */
  private static void affine(Place place, int input, Constant factor, Constant addend) {
    Flow flow = place.flow(input);
    if (factor.size() == 1 && addend.size() == 1) {
      place.result(
          Patterns.ofScale(place, flow, factor.at(0), addend.at(0))
              .orElseGet(
                  () -> flow.with(scale(place, flow.element(), factor.at(0), addend.at(0)))));
      return;
    }
    int channels = flow.shape().channels();
    checkPerChannel(flow, factor);
    checkPerChannel(flow, addend);
    double[] factors = perChannel(factor, channels);
    double[] addends = perChannel(addend, channels);
    String name = place.node().input(1 - input);
    boolean isNorm = NORMS.contains(String.valueOf(flow.element().type()));
    place.result(
        flow.with(
            Names.ofScale(name).isEmpty() || isNorm || addend.size() > 1 || addend.at(0) != 0
                ? folded(place, flow, factors, addends, Names.of(place.node(), 1 - input))
                : layerScale(place, flow, factors, Names.ofScale(name))));
  }

  /** A layer that multiplies by a number and adds another. */
  static Element scale(Place place, Element input, double factor, double offset) {
    Map<String, Object> options = new LinkedHashMap<>();
    if (factor != 1) {
      options.put("factor", OnnxNode.exact((float) factor));
    }
    if (offset != 0) {
      options.put("offset", OnnxNode.exact((float) offset));
    }
    return options.isEmpty()
        ? input
        : place.elements().layer(place.node(), "scale", options, input);
  }

  private static void checkPerChannel(Flow flow, Constant constant) {
    int channels = flow.shape().channels();
    int behind = flow.layout() == Layout.CHANNELS_FIRST ? 2 : 0;
    List<Long> dims = constant.dims();
    int at = dims.size() - 1 - behind;
    boolean fits = constant.size() == 1;
    if (!fits && at >= 0 && flow.channelAxis() > 0) {
      fits = dims.get(at) == channels && constant.size() == channels;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "its constant must be one number, or one for each of %s channels, got %s"
              .formatted(channels, dims));
    }
  }

  private static double[] perChannel(Constant constant, int channels) {
    double[] values = new double[channels];
    Arrays.setAll(values, c -> constant.at(constant.size() == 1 ? 0 : c));
    return values;
  }

  /**
   * The layer before with its results changed, or a layer of its own.
   *
   * @param name for a normalization that has no weights of its own yet
   */
  private static Element folded(
      Place place, Flow flow, double[] factors, double[] addends, String name) {
    Element before = flow.element();
    int channels = factors.length;
    String type = String.valueOf(before.type());
    boolean isNorm = NORMS.contains(type);
    if (!isNorm && !FOLDING.contains(type)) {
      return ownLayer(place, flow, factors, addends);
    }
    Map<String, float[]> tensors = new LinkedHashMap<>(before.tensors());
    Map<String, Object> options = new LinkedHashMap<>(before.options());
    if (isNorm && !tensors.containsKey("weight")) {
      float[] ones = new float[channels];
      Arrays.fill(ones, 1);
      tensors.put("weight", ones);
      tensors.put("bias", new float[channels]);
      options.remove("affine");
      if (type.equals("instance-norm")) {
        options.put("affine", true);
      }
    }
    float[] weights = tensors.get("weight").clone();
    int each = weights.length / channels;
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (float) (weights[k] * factors[k / each]);
    }
    float[] bias = tensors.getOrDefault("bias", new float[channels]).clone();
    for (int c = 0; c < channels; c++) {
      bias[c] = (float) (bias[c] * factors[c] + addends[c]);
    }
    tensors.put("weight", weights);
    if (tensors.containsKey("bias") || Arrays.stream(addends).anyMatch(addend -> addend != 0)) {
      tensors.put("bias", bias);
      options.remove("bias");
    }
    return place
        .elements()
        .layer(
            place.node(),
            type,
            options,
            before.input(),
            tensors,
            before.name().isEmpty() ? name : before.name());
  }

  /** A factor a channel. */
  private static Element layerScale(Place place, Flow flow, double[] factors, String name) {
    float[] values = Constant.of(List.of((long) factors.length), factors).floats();
    return place
        .elements()
        .layer(place.node(), "layer-scale", Map.of(), flow.element(), Map.of("", values), name);
  }

  /** A convolution of each channel with one weight. */
  private static Element ownLayer(Place place, Flow flow, double[] factors, double[] addends) {
    int channels = factors.length;
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("feature-maps", channels);
    options.put("kernel-size", 1);
    options.put("groups", channels);
    float[] weights = Constant.of(List.of((long) channels), factors).floats();
    float[] bias = Constant.of(List.of((long) channels), addends).floats();
    return place
        .elements()
        .layer(
            place.node(),
            "convolution",
            options,
            flow.element(),
            Map.of("weight", weights, "bias", bias),
            "");
  }
}
