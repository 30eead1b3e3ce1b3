package dev.featuremap.job.models.importing;

import dev.featuremap.job.models.importing.Flow.Layout;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Operators that slide a window over feature maps, and the padding before them. */
final class WindowOperators {
  static final Map<String, Consumer<Place>> ALL =
      Map.of(
          "Conv", WindowOperators::convolution,
          "MaxPool", WindowOperators::maxPool,
          "AveragePool", WindowOperators::averagePool,
          "LpPool", WindowOperators::l2Pool,
          "GlobalAveragePool", place -> global(place, "global-average-pool"),
          "GlobalMaxPool", place -> global(place, "global-max-pool"),
          "ReduceMean", place -> reduce(place, "global-average-pool"),
          "ReduceMax", place -> reduce(place, "global-max-pool"),
          "Pad", WindowOperators::pad);

  private static final String PADS = "pads";

  /** Layers whose results are never below zero, which padding with zeros cannot exceed. */
  private static final Set<String> NOT_NEGATIVE = Set.of("relu", "relu6", "sigmoid", "softmax");

  private WindowOperators() {}

  private static void convolution(Place place) {
    OnnxNode node = place.node();
    Flow input = place.flow(0, Layout.CHANNELS_FIRST);
    Constant weights = place.constant(1);
    if (weights.dims().size() != 4) {
      throw new IllegalArgumentException(
          "its weights must have 4 axes, got %s".formatted(weights.dims()));
    }
    List<Integer> size =
        List.of(weights.dims().get(2).intValue(), weights.dims().get(3).intValue());
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("feature-maps", weights.dims().get(0).intValue());
    options.put("kernel-size", single(size));
    put(options, "stride", node.pair("strides", 1), List.of(1, 1));
    put(options, "dilation", node.pair("dilations", 1), List.of(1, 1));
    Element from = padding(place, input.element(), size, options);
    long groups = node.integer("group", 1);
    if (groups != 1) {
      options.put("groups", (int) groups);
    }
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put("weight", weights.floats());
    place
        .optionalConstant(2)
        .ifPresentOrElse(
            bias -> tensors.put("bias", bias.floats()), () -> options.put("bias", false));
    place.result(place.layer(input, "convolution", options, from, tensors));
  }

  private static void maxPool(Place place) {
    if (!place.node().output(1).isEmpty()) {
      throw new IllegalArgumentException("its second result, the places of maxima, is not known");
    }
    Map<String, Object> options = new LinkedHashMap<>();
    Flow input = place.flow(0, Layout.CHANNELS_FIRST);
    Element from = pool(place, options);
    boolean pads = !from.equals(input.element());
    if (pads && !NOT_NEGATIVE.contains(String.valueOf(from.type()))) {
      throw new IllegalArgumentException("padding with zeros before it can be the maximum");
    }
    put(options, "dilation", place.node().pair("dilations", 1), List.of(1, 1));
    place.result(place.layer(input, "max-pool", options, from));
  }

  private static void averagePool(Place place) {
    Map<String, Object> options = new LinkedHashMap<>();
    Flow input = place.flow(0, Layout.CHANNELS_FIRST);
    Element from = pool(place, options);
    boolean counts = place.node().integer("count_include_pad", 0) == 1;
    boolean pads = Arrays.stream(place.node().integers(PADS)).anyMatch(pad -> pad != 0);
    if (!from.equals(input.element()) && !counts && pads) {
      throw new IllegalArgumentException("padding before it and its own count differently");
    }
    if (options.containsKey("padding") && !counts && from.equals(input.element())) {
      options.put("count-padding", false);
    }
    place.result(place.layer(input, "average-pool", options, from));
  }

  private static void l2Pool(Place place) {
    if (place.node().integer("p", 2) != 2) {
      throw new IllegalArgumentException("its p must be 2");
    }
    Map<String, Object> options = new LinkedHashMap<>();
    Element from = pool(place, options);
    place.result(place.layer(place.flow(0), "l2-pool", options, from));
  }

  /** Adds the options of a pooling layer and returns what it reads. */
  private static Element pool(Place place, Map<String, Object> options) {
    OnnxNode node = place.node();
    List<Integer> size = node.pair("kernel_shape", 1);
    options.put("window", single(size));
    put(options, "stride", node.pair("strides", 1), size);
    Element from = padding(place, place.flow(0, Layout.CHANNELS_FIRST).element(), size, options);
    if (node.integer("ceil_mode", 0) == 1) {
      options.put("ceil-mode", true);
    }
    return from;
  }

  /** Adds the padding, that of a node before it included, and returns what the layer reads. */
  private static Element padding(
      Place place, Element input, List<Integer> size, Map<String, Object> options) {
    OnnxNode node = place.node();
    String auto = node.text("auto_pad", "NOTSET");
    if (auto.equals("SAME_UPPER")) {
      options.put("padding", "same");
      return input;
    }
    long[] pads =
        switch (auto) {
          case "NOTSET", "" -> node.integers(PADS, 0, 0, 0, 0);
          case "VALID" -> new long[4];
          case "SAME_LOWER" -> lower(node, input.shape(), size);
          default ->
              throw new IllegalArgumentException("its auto_pad %s is unknown".formatted(auto));
        };
    if (pads.length != 4) {
      throw new IllegalArgumentException(
          "its pads must be four numbers, got %s".formatted(Arrays.toString(pads)));
    }
    Element from = input;
    if (input.options().get(PADS) instanceof long[] before) {
      from = input.input();
      for (int side = 0; side < 4; side++) {
        pads[side] += before[side];
      }
    }
    List<Integer> sides = Arrays.stream(pads).mapToObj(pad -> (int) pad).toList();
    boolean symmetric = sides.get(0).equals(sides.get(2)) && sides.get(1).equals(sides.get(3));
    if (!symmetric) {
      options.put("padding", sides);
    } else {
      put(options, "padding", sides.subList(0, 2), List.of(0, 0));
    }
    return from;
  }

  /** TensorFlow's padding with the larger half first. */
  private static long[] lower(OnnxNode node, Shape input, List<Integer> size) {
    Padding upper =
        new Window(
                extent(size),
                extent(node.pair("strides", 1)),
                extent(node.pair("dilations", 1)),
                Optional.empty(),
                false)
            .padding(input);
    return new long[] {upper.bottom(), upper.right(), upper.top(), upper.left()};
  }

  private static Extent extent(List<Integer> pair) {
    return new Extent(pair.get(0), pair.get(1));
  }

  private static void global(Place place, String type) {
    place.result(place.layer(place.flow(0, Layout.CHANNELS_FIRST), type, Map.of()));
  }

  /** A mean or maximum over all pixels. */
  private static void reduce(Place place, String type) {
    Flow input = place.flow(0);
    int rank = input.rank();
    long[] axes = place.integers("axes", 1).orElse(new long[0]);
    List<Integer> sorted =
        Arrays.stream(axes).mapToObj(axis -> Place.axis(axis, rank)).sorted().toList();
    List<Integer> pixels = input.layout() == Layout.CHANNELS_LAST ? List.of(1, 2) : List.of(2, 3);
    boolean keeps = place.node().integer("keepdims", 1) == 1;
    if (rank != 4 || !sorted.equals(pixels)) {
      String refusal =
          "it must reduce rows and columns, got axes %s".formatted(Arrays.toString(axes));
      boolean ofChannels = isOfChannels(input, sorted);
      boolean isPart = place.node().operator().equals("ReduceMean") && keeps;
      if (!isPart || !(ofChannels || isOfAll(input, sorted))) {
        throw new IllegalArgumentException(refusal);
      }
      place.result(NormalizationPatterns.mean(place, input, ofChannels, refusal));
      return;
    }
    Flow pooled = place.layer(input, type, Map.of());
    place.result(keeps ? pooled : new Flow(pooled.element(), Layout.VECTOR));
  }

  private static boolean isOfChannels(Flow input, List<Integer> axes) {
    return axes.equals(List.of(input.channelAxis()));
  }

  /** Of all values of an image, or of a group of its channels. */
  private static boolean isOfAll(Flow input, List<Integer> axes) {
    return switch (input.layout()) {
      case CHANNELS_FIRST, CHANNELS_LAST -> axes.equals(List.of(1, 2, 3));
      case GROUPED -> axes.equals(List.of(2, 3, 4));
      default -> false;
    };
  }

  /** Zeros around rows and columns, which the layer that reads them takes as its padding. */
  private static void pad(Place place) {
    Flow input = place.flow(0, Layout.CHANNELS_FIRST);
    long[] pads = place.integers(PADS, 1).orElse(new long[0]);
    String mode = place.node().text("mode", "constant");
    double value = place.number("value", 2, 0);
    if (pads.length != 8 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0) {
      throw new IllegalArgumentException(
          "it must pad rows and columns, got pads %s".formatted(Arrays.toString(pads)));
    }
    if (!mode.equals("constant") || value != 0) {
      throw new IllegalArgumentException(
          "it must pad with zeros, got %s of %s".formatted(mode, value));
    }
    long[] sides = {pads[2], pads[3], pads[6], pads[7]};
    if (Arrays.stream(sides).allMatch(side -> side == 0)) {
      place.result(input);
      return;
    }
    place.result(place.part(input, PADS, sides));
  }

  private static Object single(List<Integer> pair) {
    return pair.get(0).equals(pair.get(1)) ? pair.get(0) : pair;
  }

  private static void put(
      Map<String, Object> options, String key, List<Integer> pair, List<Integer> unless) {
    if (!pair.equals(unless)) {
      options.put(key, single(pair));
    }
  }
}
