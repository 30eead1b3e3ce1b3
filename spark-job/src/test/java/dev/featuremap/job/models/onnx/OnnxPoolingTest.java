package dev.featuremap.job.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.featuremap.job.testing.SampleNetworks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxPoolingTest {

  @Test
  void writesStridesOfRowsAndColumnsAndPadsOfEachSide() throws IOException {
    NodeProto conv =
        node(
            "Conv",
            "type = convolution, feature-maps = 2, field = [3, 2], stride = [2, 1], padding = [0, 1, 2, 3]");

    assertThat(integers(conv, "kernel_shape")).containsExactly(3L, 2L);
    assertThat(integers(conv, "strides")).containsExactly(2L, 1L);
    assertThat(integers(conv, "pads")).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void writesWhatTheLastWindowReachesAsPads() throws IOException {
    // 3 places, which span (3 - 1) · 2 + 3 = 7 of 6 rows and 7 columns.
    NodeProto max = node("MaxPool", "type = max-pool, window = 3, stride = 2, ceil-mode = true");

    assertThat(integers(max, "pads")).containsExactly(0L, 0L, 1L, 0L);
    assertThat(max.getAttributeList())
        .extracting(AttributeProto::getName)
        .doesNotContain("ceil_mode");
  }

  @Test
  void countsThePaddingOfAnAverageOnlyWhereTheLayerDoes() throws IOException {
    String pool = "type = average-pool, window = 3, stride = 1, padding = [1, 0, 1, 2]";
    NodeProto counted = node("AveragePool", pool);
    NodeProto uncounted = node("AveragePool", pool + ", count-padding = false");

    assertThat(integers(counted, "pads")).containsExactly(1L, 0L, 1L, 2L);
    assertThat(attribute(counted, "count_include_pad").getI()).isEqualTo(1);
    assertThat(integers(uncounted, "pads")).containsExactly(1L, 0L, 1L, 2L);
    assertThat(uncounted.getAttributeList())
        .extracting(AttributeProto::getName)
        .doesNotContain("count_include_pad");
  }

  @Test
  void padsFirstWhereThePaddingCountsAndWhatLiesBeyondDoesNot() throws IOException {
    String pool = "type = average-pool, window = 3, stride = 2, padding = 1, ceil-mode = true";

    assertThat(operators(pool)).containsSequence("Pad", "AveragePool");
    assertThat(integers(node("AveragePool", pool), "pads")).containsExactly(0L, 0L, 1L, 0L);
  }

  @Test
  void writesAdaptivePoolsAsWindowsOrAsSlices() throws IOException {
    NodeProto pool = node("AveragePool", "type = adaptive-average-pool, output = [2, 7]");
    assertThat(integers(pool, "kernel_shape")).containsExactly(3L, 1L);
    assertThat(integers(pool, "strides")).containsExactly(3L, 1L);

    assertThat(operators("type = adaptive-max-pool, output = [2, 1]"))
        .containsSequence("MaxPool", "Gemm");
    assertThat(operators("type = adaptive-max-pool, output = [1, 2]"))
        .containsSequence(
            "Slice", "ReduceMax", "Concat", "Slice", "ReduceMax", "Slice", "ReduceMax", "Concat");
    assertThat(operators("type = global-max-pool")).contains("GlobalMaxPool");
  }

  @Test
  void padsFirstWhereAPaddingIsAsLargeAsADilatedWindow() throws IOException {
    assertThat(
            operators(
                "type = max-pool, window = 2, stride = 1, dilation = 3, padding = [2, 0, 0, 0]"))
        .containsSequence("Pad", "MaxPool");
  }

  /** The node of an operator in a network of one such layer over 6 rows and 7 columns. */
  private static NodeProto node(String operator, String layer) throws IOException {
    return export(layer).getGraph().getNodeList().stream()
        .filter(node -> node.getOpType().equals(operator))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> operators(String layer) throws IOException {
    return export(layer).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .filter(operator -> !operator.equals("Flatten"))
        .toList();
  }

  private static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> integers(NodeProto node, String name) {
    return attribute(node, name).getIntsList();
  }

  private static ModelProto export(String layer) throws IOException {
    String network =
        "input.shape = [1, 6, 7], layers = [{ %s }, { type = fully-connected, outputs = 2 }]"
            .formatted(layer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxModel.write(SampleNetworks.random(network, List.of()), out);
    return ModelProto.parseFrom(out.toByteArray());
  }
}
