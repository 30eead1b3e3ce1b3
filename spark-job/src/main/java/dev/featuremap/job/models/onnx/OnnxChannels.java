package dev.featuremap.job.models.onnx;

import static dev.featuremap.job.models.onnx.OnnxGraph.integers;

import dev.featuremap.layer.channel.ChannelShuffle;
import dev.featuremap.layer.channel.ChannelSlice;
import java.util.List;

/** The layers that choose and order channels. */
final class OnnxChannels {
  private OnnxChannels() {}

  static String slice(OnnxLayers place, ChannelSlice slice) {
    OnnxGraph graph = place.graph();
    return graph.node(
        "Slice",
        place.layer().name(),
        List.of(
            place.input(),
            graph.axes(place.name("from"), slice.from()),
            graph.axes(place.name("to"), slice.end(place.layer().input())),
            graph.axes(place.name("axis"), 1)));
  }

  /** Groups and their channels as rows and columns, which change places. */
  static String shuffle(OnnxLayers place, ChannelShuffle shuffle) {
    OnnxGraph graph = place.graph();
    int channels = place.layer().input().channels() / shuffle.groups();
    String groups = graph.axes(place.name("groups/shape"), 0, shuffle.groups(), channels, -1);
    String rows = graph.node("Reshape", place.name("groups"), List.of(place.input(), groups));
    String columns =
        graph.node("Transpose", place.name("turned"), List.of(rows), integers("perm", 0, 2, 1, 3));
    String shape = graph.axes(place.name("shape"), place.shape());
    return graph.node("Reshape", place.layer().name(), List.of(columns, shape));
  }
}
