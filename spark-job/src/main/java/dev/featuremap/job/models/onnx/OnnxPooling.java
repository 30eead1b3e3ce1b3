package dev.featuremap.job.models.onnx;

import static dev.featuremap.job.models.onnx.OnnxGraph.integer;
import static dev.featuremap.job.models.onnx.OnnxGraph.integers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.featuremap.layer.pooling.AdaptiveAveragePool;
import dev.featuremap.layer.pooling.AdaptiveMaxPool;
import dev.featuremap.layer.pooling.AdaptivePooling;
import dev.featuremap.layer.pooling.AveragePool;
import dev.featuremap.layer.pooling.L2Pool;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pooling layers as nodes.
 *
 * <p>What windows reach beyond the padding is written as padding, not as {@code ceil_mode}, which
 * runtimes do not agree about.
 */
record OnnxPooling(OnnxLayers place, Shape input) {

  static String max(OnnxLayers place, MaxPool pool) {
    Window window = pool.window();
    return of(place).max(window, window.reach(place.layer().input()));
  }

  static String average(OnnxLayers place, AveragePool pool) {
    return of(place).average(pool.window(), pool.countPadding());
  }

  static String l2(OnnxLayers place, L2Pool pool) {
    return of(place).l2(pool.window());
  }

  static String adaptiveAverage(OnnxLayers place, AdaptiveAveragePool pool) {
    Optional<Window> window = AdaptivePooling.window(pool.output(), place.layer().input());
    return window.isPresent()
        ? of(place).average(window.get(), true)
        : of(place).regions("ReduceMean", pool.output());
  }

  static String adaptiveMax(OnnxLayers place, AdaptiveMaxPool pool) {
    Optional<Window> window = AdaptivePooling.window(pool.output(), place.layer().input());
    return window.isPresent()
        ? of(place).max(window.get(), Padding.NONE)
        : of(place).regions("ReduceMax", pool.output());
  }

  private static OnnxPooling of(OnnxLayers place) {
    return new OnnxPooling(place, place.layer().input());
  }

  private String max(Window window, Padding padding) {
    Extent size = window.size();
    // With gaps, a padding may be as large as the number of elements, which runtimes refuse.
    boolean apart = padding.mostRows() >= size.rows() || padding.mostColumns() >= size.columns();
    String maps = place.maps();
    String from = apart ? padded(maps, padding, Float.NEGATIVE_INFINITY) : maps;
    List<AttributeProto> attributes = new ArrayList<>();
    if (!window.dilation().equals(Extent.ONE)) {
      attributes.add(both("dilations", window.dilation()));
    }
    attributes.add(both("kernel_shape", size));
    attributes.add(pads(apart ? Padding.NONE : padding));
    attributes.add(both("strides", window.stride()));
    return place.spatial("MaxPool", List.of(from), attributes.toArray(AttributeProto[]::new));
  }

  private String average(Window window, boolean countPadding) {
    Padding padding = window.padding(input);
    Padding reach = window.reach(input);
    String maps = place.maps();
    if (!countPadding || padding.equals(Padding.NONE)) {
      return place.spatial("AveragePool", List.of(maps), means(window, reach, false));
    }
    if (reach.equals(padding)) {
      return place.spatial("AveragePool", List.of(maps), means(window, padding, true));
    }
    // The padding counts, and what lies beyond it does not.
    Padding beyond =
        new Padding(0, 0, reach.bottom() - padding.bottom(), reach.right() - padding.right());
    String padded = padded(maps, padding, 0f);
    return place.spatial("AveragePool", List.of(padded), means(window, beyond, false));
  }

  private static AttributeProto[] means(Window window, Padding padding, boolean counted) {
    List<AttributeProto> attributes = new ArrayList<>();
    if (counted) {
      attributes.add(integer("count_include_pad", 1));
    }
    attributes.add(both("kernel_shape", window.size()));
    if (!padding.equals(Padding.NONE)) {
      attributes.add(pads(padding));
    }
    attributes.add(both("strides", window.stride()));
    return attributes.toArray(AttributeProto[]::new);
  }

  /** The root of the mean of squares times their number, since few runtimes know {@code LpPool}. */
  private String l2(Window window) {
    String maps = place.maps();
    String square = place.graph().node("Mul", place.name("square"), List.of(maps, maps));
    Padding reach = window.reach(input);
    String mean =
        place
            .graph()
            .node(
                "AveragePool",
                place.name("mean"),
                List.of(square),
                means(window, reach, !reach.equals(Padding.NONE)));
    int pixels = window.size().size();
    String size = place.graph().constant(place.name("pixels"), List.of(), pixels);
    String sum = place.graph().node("Mul", place.name("sum"), List.of(mean, size));
    return place.spatial("Sqrt", List.of(sum));
  }

  /** Regions of different sizes: rows of them first, then columns of these. */
  private String regions(String operator, Extent output) {
    List<String> rows = slices(operator, "rows", place.maps(), 2, output.rows(), input.height());
    String maps = place.graph().node("Concat", place.name("rows"), rows, integer("axis", 2));
    List<String> columns = slices(operator, "columns", maps, 3, output.columns(), input.width());
    return place.spatial("Concat", columns, integer("axis", 3));
  }

  private List<String> slices(
      String operator, String part, String from, int axis, int places, int pixels) {
    String axes = place.graph().axes(place.name(part + "/axis"), axis);
    List<String> slices = new ArrayList<>();
    for (int k = 0; k < places; k++) {
      String name = place.name(part + "/" + k);
      String start = place.graph().axes(name + "/start", AdaptivePooling.start(k, places, pixels));
      String end = place.graph().axes(name + "/end", AdaptivePooling.end(k, places, pixels));
      String slice = place.graph().node("Slice", name + "/slice", List.of(from, start, end, axes));
      slices.add(
          place
              .graph()
              .node(
                  operator, name, List.of(slice), integers("axes", axis), integer("keepdims", 1)));
    }
    return slices;
  }

  private String padded(String maps, Padding padding, float value) {
    String sides =
        place
            .graph()
            .axes(
                place.name("pad/sides"),
                0,
                0,
                padding.top(),
                padding.left(),
                0,
                0,
                padding.bottom(),
                padding.right());
    String filling = place.graph().constant(place.name("pad/value"), List.of(), value);
    return place.graph().node("Pad", place.name("pad"), List.of(maps, sides, filling));
  }

  /** An attribute of rows and columns. */
  static AttributeProto both(String name, Extent extent) {
    return integers(name, extent.rows(), extent.columns());
  }

  /** The attribute {@code pads}. */
  static AttributeProto pads(Padding padding) {
    return integers("pads", padding.top(), padding.left(), padding.bottom(), padding.right());
  }
}
