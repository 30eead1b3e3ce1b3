package dev.featuremap.job.models.importing;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Operators that change each value by itself, and softmax. */
final class ElementwiseOperators {
  static final Map<String, Consumer<Place>> ALL = all();

  /** A part that is no layer: the error function. */
  static final String ERF = "erf";

  /** A part that is no layer: {@code log(1 + exp(x))}. */
  static final String SOFTPLUS = "softplus";

  private static final double SIXTH = 1 / 6.0;

  private ElementwiseOperators() {}

  private static Map<String, Consumer<Place>> all() {
    Map<String, Consumer<Place>> all = new HashMap<>();
    all.put("Relu", place -> layer(place, "relu", Map.of()));
    all.put("Sigmoid", place -> layer(place, "sigmoid", Map.of()));
    all.put("Tanh", place -> layer(place, "tanh", Map.of()));
    all.put("Mish", place -> layer(place, "mish", Map.of()));
    all.put("HardSwish", place -> layer(place, "hard-swish", Map.of()));
    all.put("Swish", place -> layer(place, "silu", Map.of()));
    all.put("LeakyRelu", place -> number(place, "leaky-relu", "alpha", 0.01, "slope"));
    all.put("Elu", place -> number(place, "elu", "alpha", 1, "alpha"));
    all.put("PRelu", ElementwiseOperators::prelu);
    all.put("Clip", ElementwiseOperators::clip);
    all.put("Min", place -> limit(place, true));
    all.put("Max", place -> limit(place, false));
    all.put("HardSigmoid", ElementwiseOperators::hardSigmoid);
    all.put("Gelu", ElementwiseOperators::gelu);
    all.put("Softmax", ElementwiseOperators::softmax);
    all.put("Dropout", ElementwiseOperators::dropout);
    all.put("Erf", place -> part(place, ERF));
    all.put("Sqrt", place -> place.result(root(place, place.flow(0))));
    all.put("Reciprocal", place -> part(place, NormalizationPatterns.RECIPROCAL));
    all.put("Pow", ElementwiseOperators::power);
    all.put("Softplus", place -> part(place, SOFTPLUS));
    all.put("Identity", place -> place.result(place.flow(0)));
    all.put("Cast", ElementwiseOperators::cast);
    return all;
  }

  private static void layer(Place place, String type, Map<String, Object> options) {
    place.result(place.layer(place.flow(0), type, options));
  }

  private static void number(
      Place place, String type, String attribute, double fallback, String option) {
    double value = place.node().number(attribute, fallback);
    layer(place, type, value == fallback ? Map.of() : Map.of(option, value));
  }

  private static void part(Place place, String what) {
    place.result(place.part(place.flow(0), what, true));
  }

  private static Flow root(Place place, Flow input) {
    return Patterns.ofRoot(place, input)
        .orElseGet(() -> place.part(input, NormalizationPatterns.ROOT, true));
  }

  private static void power(Place place) {
    Flow input = place.flow(0);
    Constant exponent = place.constant(1);
    double value = exponent.size() == 1 ? exponent.at(0) : Double.NaN;
    if (value == 1) {
      place.result(input);
    } else if (value == 2 || value == 3) {
      Flow square = ArithmeticOperators.product(place, input, input);
      place.result(value == 2 ? square : ArithmeticOperators.product(place, input, square));
    } else if (value == 0.5) {
      place.result(root(place, input));
    } else if (value == -0.5) {
      place.result(place.part(root(place, input), NormalizationPatterns.RECIPROCAL, true));
    } else {
      throw new IllegalArgumentException(
          "its exponent must be 1, 2, 3, 0.5 or -0.5, got %s"
              .formatted(exponent.size() == 1 ? value : exponent.dims()));
    }
  }

  private static void cast(Place place) {
    long to = place.node().integer("to", 1);
    if (to != 1 && to != 10 && to != 11 && to != 16) {
      throw new IllegalArgumentException("it must make floats, got type %s".formatted(to));
    }
    place.result(place.flow(0));
  }

  private static void prelu(Place place) {
    Flow input = place.flow(0);
    float[] slopes = place.constant(1).floats();
    Map<String, Object> options = new LinkedHashMap<>();
    if (slopes.length > 1) {
      options.put("per-channel", true);
    }
    place.result(place.layer(input, "prelu", options, input.element(), Map.of("weight", slopes)));
  }

  private static void clip(Place place) {
    double min = bound(place, "min", 1, Double.NEGATIVE_INFINITY);
    double max = bound(place, "max", 2, Double.POSITIVE_INFINITY);
    clip(place, place.flow(0), min, max);
  }

  private static void clip(Place place, Flow input, double min, double max) {
    if (min == 0 && max == 6) {
      place.result(place.layer(input, "relu6", Map.of()));
    } else if (min == 0 && max == Double.POSITIVE_INFINITY) {
      place.result(place.layer(input, "relu", Map.of()));
    } else if (min == Double.NEGATIVE_INFINITY && max == Double.POSITIVE_INFINITY) {
      place.result(input);
    } else {
      place.result(place.layer(input, "clip", between(min, max)));
    }
  }

  private static Map<String, Object> between(double min, double max) {
    Map<String, Object> options = new LinkedHashMap<>();
    if (min != Double.NEGATIVE_INFINITY) {
      options.put("min", min);
    }
    if (max != Double.POSITIVE_INFINITY) {
      options.put("max", max);
    }
    return options;
  }

  /** The smaller or the larger of each value and a number. */
  private static void limit(Place place, boolean above) {
    int flow = place.isFlow(0) ? 0 : 1;
    Constant bound = place.constant(1 - flow);
    if (place.node().inputs() != 2 || bound.size() != 1) {
      throw new IllegalArgumentException("it must compare with one number");
    }
    double value = OnnxNode.exact((float) bound.at(0));
    clip(
        place,
        place.flow(flow),
        above ? Double.NEGATIVE_INFINITY : value,
        above ? value : Double.POSITIVE_INFINITY);
  }

  private static double bound(Place place, String attribute, int input, double none) {
    double bound = place.number(attribute, input, none);
    return Math.abs(bound) >= Float.MAX_VALUE ? none : bound;
  }

  private static void hardSigmoid(Place place) {
    double slope = place.node().number("alpha", 0.2);
    double offset = place.node().number("beta", 0.5);
    if (Math.abs(slope - SIXTH) < 1e-6 && offset == 0.5) {
      layer(place, "hard-sigmoid", Map.of());
      return;
    }
    Flow input = place.flow(0);
    Element scaled = ArithmeticOperators.scale(place, input.element(), slope, offset);
    place.result(place.layer(input, "clip", between(0, 1), scaled));
  }

  private static void gelu(Place place) {
    boolean tanh = place.node().text("approximate", "none").equals("tanh");
    layer(place, "gelu", tanh ? Map.of() : Map.of("approximate", "none"));
  }

  private static void softmax(Place place) {
    Flow input = place.flow(0);
    long fallback = place.node().opset() < 13 ? 1 : -1;
    int axis = Place.axis(place.node().integer("axis", fallback), input.rank());
    boolean flattens = place.node().opset() < 13 && !input.shape().isFlat();
    if (axis != input.channelAxis() || flattens) {
      throw new IllegalArgumentException("it must run over channels, got axis %s".formatted(axis));
    }
    layer(place, "softmax", Map.of());
  }

  /** Kept, for it matters when the network is trained on. */
  private static void dropout(Place place) {
    double rate = place.number("ratio", 1, 0.5);
    if (rate == 0) {
      place.result(place.flow(0));
    } else {
      layer(place, "dropout", Map.of("rate", rate));
    }
  }
}
