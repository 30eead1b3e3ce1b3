package dev.featuremap.job.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.featuremap.job.testing.SampleNetworks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers of single images and of channels as nodes; check-exports compares what they compute. */
class OnnxNormalizationTest {

  @Test
  void writesGroupNormAsAnInstanceNormOfItsGroups() throws IOException {
    GraphProto graph = graph("[6, 4, 4]", "{ type = group-norm, name = gn, groups = 2 }");

    assertThat(operators(graph))
        .containsSequence(
            "Reshape", "InstanceNormalization", "Reshape", "Unsqueeze", "Mul", "Unsqueeze", "Add");
    assertThat(integers(graph, "/gn/groups/shape")).containsExactly(0L, 2L, -1L);
    assertThat(integers(graph, "/gn/channels/shape")).containsExactly(0L, 6L, 4L, 4L);
  }

  @Test
  void writesInstanceNormWithItsTensorsOrWithConstants() throws IOException {
    assertThat(node(graph("[2, 4, 4]", "{ type = instance-norm, name = in, affine = true }"), "in"))
        .extracting(NodeProto::getInputList)
        .isEqualTo(List.of("/normalize/shifted", "in.weight", "in.bias"));
    assertThat(node(graph("[2, 4, 4]", "{ type = instance-norm, name = in }"), "in"))
        .extracting(NodeProto::getInputList)
        .isEqualTo(List.of("/normalize/shifted", "/in/ones", "/in/zeros"));
  }

  @Test
  void writesLayerNormOfMeansOverChannels() throws IOException {
    assertThat(operators(graph("[6, 1, 1]", "{ type = layer-norm, name = ln }")))
        .containsSequence(
            "ReduceMean", "Sub", "Mul", "ReduceMean", "Add", "Sqrt", "Div", "Mul", "Add");
    assertThat(operators(graph("[6, 1, 1]", "{ type = layer-norm, name = ln, affine = false }")))
        .containsSequence("Sqrt", "Div", "Gemm");
  }

  @Test
  void writesALocalResponseNormOfAnOddSizeAsTheOperatorOfThatName() throws IOException {
    NodeProto node =
        node(
            graph(
                "[6, 4, 4]",
                "{ type = local-response-norm, name = lrn, size = 5, alpha = 0.5, beta = 0.25, k = 2 }"),
            "lrn");

    assertThat(node.getOpType()).isEqualTo("LRN");
    assertThat(node.getAttributeList())
        .extracting(AttributeProto::getName)
        .containsExactly("alpha", "beta", "bias", "size");
    assertThat(node.getAttributeList())
        .extracting(AttributeProto::getF)
        .startsWith(0.5f, 0.25f, 2f);
    assertThat(node.getAttribute(3).getI()).isEqualTo(5);
  }

  /** {@code LRN} has one channel more behind the middle than before; PyTorch has it before. */
  @Test
  void writesALocalResponseNormOfAnEvenSizeAsAnAverage() throws IOException {
    GraphProto graph = graph("[6, 4, 4]", "{ type = local-response-norm, name = lrn, size = 4 }");

    assertThat(operators(graph))
        .containsSequence("Mul", "Unsqueeze", "AveragePool", "Squeeze", "Mul", "Add", "Pow", "Div")
        .doesNotContain("LRN");
    assertThat(node(graph, "lrn/mean").getAttributeList())
        .filteredOn(attribute -> attribute.getName().equals("pads"))
        .singleElement()
        .extracting(AttributeProto::getIntsList)
        .isEqualTo(List.of(2L, 0L, 0L, 1L, 0L, 0L));
  }

  @Test
  void multipliesByALayerScaleUnderItsOwnName() throws IOException {
    NodeProto node = node(graph("[2, 4, 4]", "{ type = layer-scale, name = gamma }"), "gamma");

    assertThat(node.getOpType()).isEqualTo("Mul");
    assertThat(node.getInputList()).containsExactly("/normalize/shifted", "gamma");
  }

  @Test
  void slicesAndShufflesChannels() throws IOException {
    GraphProto graph =
        graph(
            "[6, 4, 4]",
            "{ type = channel-shuffle, name = mix, groups = 3 }, { type = channel-slice, name = part, from = 2 }");

    assertThat(operators(graph)).containsSequence("Reshape", "Transpose", "Reshape", "Slice");
    assertThat(integers(graph, "/mix/groups/shape")).containsExactly(0L, 3L, 2L, -1L);
    assertThat(integers(graph, "/part/from")).containsExactly(2L);
    assertThat(integers(graph, "/part/to")).containsExactly(6L);
  }

  @Test
  void dropsNothing() throws IOException {
    assertThat(
            operators(
                graph(
                    "[2, 4, 4]",
                    "{ type = spatial-dropout }, { type = stochastic-depth, rate = 0.5 }")))
        .containsSequence("Identity", "Identity");
  }

  private static GraphProto graph(String shape, String layers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxModel.write(
        SampleNetworks.random(
            "input.shape = %s, layers = [ %s, { type = fully-connected, outputs = 2 } ]"
                .formatted(shape, layers),
            List.of()),
        out);
    return ModelProto.parseFrom(out.toByteArray()).getGraph();
  }

  private static List<String> operators(GraphProto graph) {
    return graph.getNodeList().stream().map(NodeProto::getOpType).toList();
  }

  private static NodeProto node(GraphProto graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> integers(GraphProto graph, String name) {
    return graph.getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .map(TensorProto::getInt64DataList)
        .orElseThrow();
  }
}
