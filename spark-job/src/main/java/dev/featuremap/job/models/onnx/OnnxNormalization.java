package dev.featuremap.job.models.onnx;

import static dev.featuremap.job.models.onnx.OnnxGraph.integer;
import static dev.featuremap.job.models.onnx.OnnxGraph.integers;
import static dev.featuremap.job.models.onnx.OnnxGraph.number;

import dev.featuremap.layer.normalization.GroupNorm;
import dev.featuremap.layer.normalization.InstanceNorm;
import dev.featuremap.layer.normalization.LayerNorm;
import dev.featuremap.layer.normalization.LayerScale;
import dev.featuremap.layer.normalization.LocalResponseNorm;
import java.util.Arrays;
import java.util.List;

/**
 * The layers that normalize each image by itself, of operators that opset 13 has: group and layer
 * normalization are operators of later ones.
 */
record OnnxNormalization(OnnxLayers place, OnnxGraph graph) {

  static String groupNorm(OnnxLayers place, GroupNorm norm) {
    OnnxNormalization writer = new OnnxNormalization(place, place.graph());
    return writer.affine(norm.affine(), writer.groupNorm(norm.groups(), norm.epsilon()));
  }

  static String instanceNorm(OnnxLayers place, InstanceNorm norm) {
    return new OnnxNormalization(place, place.graph()).instanceNorm(norm);
  }

  static String layerNorm(OnnxLayers place, LayerNorm norm) {
    OnnxNormalization writer = new OnnxNormalization(place, place.graph());
    return writer.affine(norm.affine(), writer.layerNorm(norm.epsilon()));
  }

  static String layerScale(OnnxLayers place, LayerScale scale) {
    String name = place.layer().name();
    return place.graph().node("Mul", name, List.of(place.input(), name));
  }

  static String localResponseNorm(OnnxLayers place, LocalResponseNorm norm) {
    OnnxNormalization writer = new OnnxNormalization(place, place.graph());
    return norm.size() % 2 == 1 ? writer.responses(norm) : writer.evenResponses(norm);
  }

  /** Each group as a channel of an instance normalization, whose own factors are 1 and 0. */
  private String groupNorm(int groups, double epsilon) {
    String rows =
        graph.node(
            "Reshape",
            place.name("groups"),
            List.of(place.input(), graph.axes(place.name("groups/shape"), 0, groups, -1)));
    String normalized =
        graph.node(
            "InstanceNormalization",
            place.name("normalized"),
            List.of(rows, constants("ones", groups, 1f), constants("zeros", groups, 0f)),
            number("epsilon", epsilon));
    return graph.node(
        "Reshape",
        place.name("channels"),
        List.of(normalized, graph.axes(place.name("channels/shape"), place.shape())));
  }

  private String instanceNorm(InstanceNorm norm) {
    int channels = place.layer().input().channels();
    String name = place.layer().name();
    return graph.node(
        "InstanceNormalization",
        name,
        norm.affine()
            ? List.of(place.input(), name + ".weight", name + ".bias")
            : List.of(
                place.input(), constants("ones", channels, 1f), constants("zeros", channels, 0f)),
        number("epsilon", norm.epsilon()));
  }

  private String layerNorm(double epsilon) {
    String mean = mean("mean", place.input());
    String distance = graph.node("Sub", place.name("distance"), List.of(place.input(), mean));
    String square = graph.node("Mul", place.name("square"), List.of(distance, distance));
    String small = scalar("epsilon", epsilon);
    String variance =
        graph.node("Add", place.name("shifted"), List.of(mean("variance", square), small));
    String deviation = graph.node("Sqrt", place.name("deviation"), List.of(variance));
    return graph.node("Div", place.name("normalized"), List.of(distance, deviation));
  }

  private String mean(String part, String values) {
    return graph.node(
        "ReduceMean",
        place.name(part),
        List.of(values),
        integers("axes", 1),
        integer("keepdims", 1));
  }

  /** Multiplies by γ and adds β, a number each for a channel. */
  private String affine(boolean learned, String normalized) {
    if (!learned) {
      return normalized;
    }
    String scaled =
        graph.node("Mul", place.name("scaled"), List.of(normalized, perChannel("weight")));
    return graph.node("Add", place.layer().name(), List.of(scaled, perChannel("bias")));
  }

  /** A tensor of the layer as it is multiplied with maps. */
  private String perChannel(String tensor) {
    String name = place.layer().name() + "." + tensor;
    return place.layer().input().isFlat()
        ? name
        : graph.node(
            "Unsqueeze",
            place.name(tensor),
            List.of(name, graph.axes(place.name(tensor + "/axes"), 1, 2)));
  }

  private String responses(LocalResponseNorm norm) {
    return place.spatial(
        "LRN",
        List.of(place.maps()),
        number("alpha", norm.alpha()),
        number("beta", norm.beta()),
        number("bias", norm.k()),
        integer("size", norm.size()));
  }

  /** A sum of an even number of channels lies on the other side in {@code LRN}. */
  private String evenResponses(LocalResponseNorm norm) {
    String maps = place.maps();
    String square = graph.node("Mul", place.name("square"), List.of(maps, maps));
    String axis = graph.axes(place.name("axis"), 1);
    String volume = graph.node("Unsqueeze", place.name("volume"), List.of(square, axis));
    int size = norm.size();
    String mean =
        graph.node(
            "AveragePool",
            place.name("mean"),
            List.of(volume),
            integer("count_include_pad", 1),
            integers("kernel_shape", size, 1, 1),
            integers("pads", size / 2, 0, 0, (size - 1) / 2, 0, 0),
            integers("strides", 1, 1, 1));
    String means = graph.node("Squeeze", place.name("means"), List.of(mean, axis));
    String scaled =
        graph.node("Mul", place.name("scaled"), List.of(means, scalar("alpha", norm.alpha())));
    String sum = graph.node("Add", place.name("sum"), List.of(scaled, scalar("k", norm.k())));
    String power =
        graph.node("Pow", place.name("power"), List.of(sum, scalar("beta", norm.beta())));
    return place.spatial("Div", List.of(maps, power));
  }

  private String scalar(String part, double value) {
    return graph.constant(place.name(part), List.of(), (float) value);
  }

  private String constants(String part, int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return graph.constant(place.name(part), List.of((long) count), values);
  }
}
