package dev.featuremap.job.models.importing;

import dev.featuremap.job.models.importing.Flow.Layout;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Operators that move values, or only name their axes in another way. */
final class ShapeOperators {
  static final Map<String, Consumer<Place>> ALL =
      Map.of(
          "Concat", ShapeOperators::concat,
          "Split", ShapeOperators::split,
          "Slice", ShapeOperators::slice,
          "Flatten", ShapeOperators::flatten,
          "Reshape", ShapeOperators::reshape,
          "Transpose", ShapeOperators::transpose,
          "Squeeze", ShapeOperators::squeeze,
          "Unsqueeze", ShapeOperators::unsqueeze,
          "Gather", ShapeOperators::gather,
          "Shape", ShapeOperators::shape);

  private ShapeOperators() {}

  private static void concat(Place place) {
    Flow first = place.flow(0);
    int axis = Place.axis(place.node().integer("axis", 1), first.rank());
    if (axis != first.channelAxis()) {
      throw new IllegalArgumentException("it must join channels, got axis %s".formatted(axis));
    }
    List<Element> inputs = new ArrayList<>();
    int channels = 0;
    for (int k = 0; k < place.node().inputs(); k++) {
      Flow flow = place.flow(k, first.layout());
      inputs.add(flow.element());
      channels += flow.shape().channels();
      if (flow.shape().height() != first.shape().height()
          || flow.shape().width() != first.shape().width()) {
        throw new IllegalArgumentException(
            "its inputs must have the same rows and columns, got %s and %s"
                .formatted(first.shape(), flow.shape()));
      }
    }
    Shape shape = new Shape(channels, first.shape().height(), first.shape().width());
    place.result(
        inputs.size() == 1
            ? first
            : first.with(place.elements().join(place.node(), "concat", inputs, shape)));
  }

  private static void split(Place place) {
    Flow input = place.flow(0);
    checkChannels(place.node().integer("axis", 0), input);
    int parts = place.node().proto().getOutputCount();
    int channels = input.shape().channels();
    long each = (channels + parts - 1L) / parts;
    long[] sizes = place.integers("split", 1).orElse(null);
    int from = 0;
    for (int k = 0; k < parts; k++) {
      int to = (int) Math.min(channels, from + (sizes == null ? each : sizes[k]));
      place.result(k, slice(place, input, from, to));
      from = to;
    }
  }

  private static void checkChannels(long axis, Flow input) {
    if (Place.axis(axis, input.rank()) != input.channelAxis()) {
      throw new IllegalArgumentException("it must divide channels, got axis %s".formatted(axis));
    }
  }

  private static void slice(Place place) {
    Flow input = place.flow(0);
    long[] starts = place.integers("starts", 1).orElse(new long[0]);
    long[] ends = place.integers("ends", 2).orElse(new long[0]);
    long[] axes = place.integers("axes", 3).orElse(new long[] {0});
    long[] steps = place.optionalConstant(4).map(Constant::longs).orElse(new long[] {1});
    if (starts.length != 1 || ends.length != 1 || axes.length != 1 || steps[0] != 1) {
      throw new IllegalArgumentException("it must take channels next to each other");
    }
    checkChannels(axes[0], input);
    int channels = input.shape().channels();
    place.result(slice(place, input, end(starts[0], channels), end(ends[0], channels)));
  }

  private static int end(long end, int channels) {
    return (int) Math.max(0, Math.min(channels, end < 0 ? end + channels : end));
  }

  private static Flow slice(Place place, Flow input, int from, int to) {
    int channels = input.shape().channels();
    if (from == 0 && to == channels) {
      return input;
    }
    Map<String, Object> options = new LinkedHashMap<>();
    if (from != 0) {
      options.put("from", from);
    }
    if (to != channels) {
      options.put("to", to);
    }
    return place.layer(input, "channel-slice", options);
  }

  private static void flatten(Place place) {
    Flow input = place.flow(0);
    if (Place.axis(place.node().integer("axis", 1), input.rank()) != 1) {
      throw new IllegalArgumentException("it must keep the batch alone");
    }
    place.result(flattened(place, input));
  }

  private static Flow flattened(Place place, Flow input) {
    boolean last = input.layout() == Layout.CHANNELS_LAST && !input.shape().isFlat();
    boolean plain =
        input.layout() == Layout.CHANNELS_FIRST
            || input.layout() == Layout.CHANNELS_LAST
            || input.layout() == Layout.VECTOR;
    if (last || !plain) {
      throw new IllegalArgumentException(
          "it must flatten channels first, got %s".formatted(input.layout()));
    }
    Element element = input.element();
    return new Flow(
        input.shape().isFlat()
            ? element
            : place.elements().layer(place.node(), "flatten", Map.of(), element),
        Layout.VECTOR);
  }

  private static void reshape(Place place) {
    Flow input = place.flow(0);
    long[] target = place.shape();
    List<Long> from = input.dims();
    List<Long> to = Constant.reshaped(from, Arrays.copyOfRange(target, 1, target.length));
    Shape shape = input.shape();
    long channels = shape.channels();
    List<Long> first = List.of(channels, (long) shape.height(), (long) shape.width());
    if (to.equals(from) && target.length > 1) {
      place.result(input);
    } else if (target.length == 1 && target[0] == -1 && isChannelsFirst(input)) {
      place.result(new Flow(input.element(), Layout.ROW));
    } else if (to.size() == 1 && to.get(0) == shape.size()) {
      place.result(flattened(place, input));
    } else if (to.equals(first) && input.layout() == Layout.VECTOR) {
      place.result(new Flow(input.element(), Layout.CHANNELS_FIRST));
    } else if (to.equals(List.of(1L, 1L, channels)) && shape.isFlat()) {
      place.result(new Flow(input.element(), Layout.CHANNELS_LAST));
    } else if (to.equals(first) && isGrouped(input)) {
      place.result(new Flow(input.element(), Layout.CHANNELS_FIRST));
    } else if (to.equals(first) && isShuffled(input)) {
      Map<String, Object> groups = Map.of("groups", input.groups());
      place.result(
          new Flow(
              place.elements().layer(place.node(), "channel-shuffle", groups, input.element()),
              Layout.CHANNELS_FIRST));
    } else if (to.size() == 4
        && input.layout() == Layout.CHANNELS_FIRST
        && to.get(0) * to.get(1) == channels
        && to.subList(2, 4).equals(first.subList(1, 3))) {
      place.result(new Flow(input.element(), Layout.GROUPED, to.get(0).intValue()));
    } else if (to.size() == 3
        && input.layout() == Layout.CHANNELS_FIRST
        && to.get(0) * to.get(1) == channels
        && to.get(2) == (long) shape.height() * shape.width()) {
      place.result(new Flow(input.element(), Layout.GROUPED_PIXELS, to.get(0).intValue()));
    } else if (to.size() == 2
        && (input.layout() == Layout.CHANNELS_FIRST || input.layout() == Layout.VECTOR)
        && to.get(0) * to.get(1) == shape.size()
        && channels % to.get(0) == 0) {
      place.result(new Flow(input.element(), Layout.GROUP_VALUES, to.get(0).intValue()));
    } else {
      throw new IllegalArgumentException(
          "it must flatten, or divide channels into groups, got %s of %s"
              .formatted(Arrays.toString(target), from));
    }
  }

  private static boolean isChannelsFirst(Flow input) {
    return input.layout() == Layout.CHANNELS_FIRST
        || input.layout() == Layout.VECTOR
        || (input.layout() == Layout.CHANNELS_LAST && input.shape().isFlat());
  }

  /**
   * Values that are taken out of a row in the order in which they are there: PyTorch's newer
   * exporter writes an average over all pixels so, as a view by strides.
   */
  private static void gather(Place place) {
    Flow input = place.flow(0, Layout.ROW);
    Constant indices = place.constant(1);
    Shape shape = input.shape();
    List<Long> dims = indices.dims();
    boolean fits =
        dims.size() == 4
            && dims.subList(1, 4)
                .equals(
                    List.of((long) shape.channels(), (long) shape.height(), (long) shape.width()));
    for (int k = 0; fits && k < indices.size(); k++) {
      fits = indices.at(k) == k;
    }
    if (!fits) {
      throw new IllegalArgumentException("it must take all values in their order");
    }
    place.result(new Flow(input.element(), Layout.CHANNELS_FIRST));
  }

  private static boolean isGrouped(Flow input) {
    return input.layout() == Layout.GROUPED
        || input.layout() == Layout.GROUPED_PIXELS
        || input.layout() == Layout.GROUP_VALUES;
  }

  private static boolean isShuffled(Flow input) {
    return input.layout() == Layout.SHUFFLED || input.layout() == Layout.SHUFFLED_PIXELS;
  }

  private static void transpose(Place place) {
    Flow input = place.flow(0);
    long[] order = place.node().integers("perm");
    String key = Arrays.toString(order);
    if (input.layout() == Layout.CHANNELS_LAST && key.equals("[0, 3, 1, 2]")) {
      place.result(new Flow(input.element(), Layout.CHANNELS_FIRST));
    } else if (input.layout() == Layout.CHANNELS_FIRST && key.equals("[0, 2, 3, 1]")) {
      place.result(new Flow(input.element(), Layout.CHANNELS_LAST));
    } else if (input.layout() == Layout.GROUPED && key.equals("[0, 2, 1, 3, 4]")) {
      place.result(new Flow(input.element(), Layout.SHUFFLED, input.groups()));
    } else if (input.layout() == Layout.GROUPED_PIXELS && key.equals("[0, 2, 1, 3]")) {
      place.result(new Flow(input.element(), Layout.SHUFFLED_PIXELS, input.groups()));
    } else if (input.layout() == Layout.VECTOR && key.equals("[0, 1]")) {
      place.result(input);
    } else {
      throw new IllegalArgumentException(
          "it must move channels to the front or the end, or shuffle groups, got %s of %s"
              .formatted(key, input.layout()));
    }
  }

  private static void squeeze(Place place) {
    Flow input = place.flow(0);
    List<Long> pixels = input.layout() == Layout.CHANNELS_LAST ? List.of(1L, 2L) : List.of(2L, 3L);
    List<Long> axes =
        place
            .integers("axes", 1)
            .map(
                given ->
                    Arrays.stream(given)
                        .map(axis -> Place.axis(axis, input.rank()))
                        .sorted()
                        .boxed()
                        .toList())
            .orElse(pixels);
    if (!input.shape().isFlat() || input.rank() != 4 || !axes.equals(pixels)) {
      throw new IllegalArgumentException(
          "it must leave rows and columns of one pixel, got axes %s of %s"
              .formatted(axes, input.shape()));
    }
    place.result(new Flow(input.element(), Layout.VECTOR));
  }

  private static void unsqueeze(Place place) {
    Flow input = place.flow(0, Layout.VECTOR);
    List<Long> axes =
        Arrays.stream(place.integers("axes", 1).orElse(new long[0]))
            .map(axis -> axis < 0 ? axis + 4 : axis)
            .sorted()
            .boxed()
            .toList();
    if (!axes.equals(List.of(2L, 3L))) {
      throw new IllegalArgumentException(
          "it must give a vector rows and columns, got axes %s".formatted(axes));
    }
    place.result(new Flow(input.element(), Layout.CHANNELS_FIRST));
  }

  /** The dimensions of an activation, with a batch of one. */
  private static void shape(Place place) {
    List<Long> dims = new ArrayList<>(List.of(1L));
    dims.addAll(place.flow(0).dims());
    double[] values = dims.stream().mapToDouble(Long::doubleValue).toArray();
    int from = Place.axis(place.node().integer("start", 0), values.length);
    int to = Place.axis(place.node().integer("end", values.length), values.length);
    double[] part = Arrays.copyOfRange(values, from, Math.max(from, to));
    place.constants().put(place.node().output(0), Constant.of(List.of((long) part.length), part));
  }
}
