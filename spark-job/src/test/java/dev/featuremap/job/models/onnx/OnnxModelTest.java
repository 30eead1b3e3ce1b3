package dev.featuremap.job.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.SampleNetworks;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.LayerTypes.LayerType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OnnxModelTest {
  private static final String SMALL =
      """
      input { shape = [1, 4, 4], mean = 0.5, deviation = 0.25 }
      layers = [{ type = convolution, name = conv, feature-maps = 2, field = 3 }, { type = gelu }, { type = fully-connected, name = out, outputs = 3 }]
      """;

  private static Map<String, ModelFile> samples;

  private final ModelFile small = SampleNetworks.random(SMALL, List.of("a", "b", "c"));

  @BeforeAll
  static void makeSamples() throws IOException {
    samples = SampleNetworks.all();
  }

  @Test
  void namesItsFixedVersions() throws IOException {
    ModelProto onnx = export(small);

    assertThat(onnx.getIrVersion()).isEqualTo(7);
    assertThat(onnx.getOpsetImportList())
        .singleElement()
        .satisfies(opset -> assertThat(opset.getVersion()).isEqualTo(13));
  }

  @Test
  void takesAnyNumberOfImagesAndGivesTheirLogits() throws IOException {
    GraphProto graph = export(small).getGraph();

    assertThat(graph.getInputList()).singleElement().satisfies(in -> assertValue(in, "pixels"));
    assertThat(axes(graph.getInput(0))).containsExactly("batch", "1", "4", "4");
    assertThat(graph.getOutputList()).singleElement().satisfies(out -> assertValue(out, "logits"));
    assertThat(axes(graph.getOutput(0))).containsExactly("batch", "3");
  }

  @Test
  void normalizesPixelsInTheGraph() throws IOException {
    GraphProto graph = export(small).getGraph();

    assertThat(floats(tensor(graph, "/normalize/factor"))).containsExactly((float) (4 / 255.0));
    assertThat(floats(tensor(graph, "/normalize/addend"))).containsExactly(-2f);
    assertThat(graph.getNode(0).getInputList()).contains("pixels");
  }

  @Test
  void holdsEveryTensorUnderItsName() throws IOException {
    GraphProto graph = export(small).getGraph();

    small
        .tensors()
        .forEach(
            tensor -> {
              TensorProto exported = tensor(graph, tensor.name());
              assertThat(exported.getDimsList()).isEqualTo(tensor.dimensions());
              assertThat(floats(exported)[0]).isEqualTo(tensor.values()[tensor.at()]);
            });
  }

  @Test
  void tellsLabelsAndNetworkInItsMetadata() throws IOException {
    assertThat(export(small).getMetadataPropsList())
        .extracting(entry -> entry.getKey() + "=" + entry.getValue())
        .containsExactly(
            "featuremap.deviation=[0.25]",
            "featuremap.labels=[\"a\",\"b\",\"c\"]",
            "featuremap.loss=softmax-cross-entropy",
            "featuremap.mean=[0.5]",
            "featuremap.network=" + SMALL);
  }

  @Test
  void writesEqualModelsAsEqualBytes() throws IOException {
    for (ModelFile model : samples.values()) {
      assertThat(bytes(model)).isEqualTo(bytes(model));
    }
  }

  @Test
  void namesEveryValueOnceAndBeforeItIsRead() throws IOException {
    for (ModelFile model : samples.values()) {
      GraphProto graph = export(model).getGraph();
      Set<String> known = new HashSet<>(Set.of("pixels"));
      graph
          .getInitializerList()
          .forEach(tensor -> assertThat(known.add(tensor.getName())).isTrue());
      for (NodeProto node : graph.getNodeList()) {
        assertThat(known).containsAll(node.getInputList());
        assertThat(known.add(node.getOutput(0))).as(node.getOutput(0)).isTrue();
      }
      assertThat(known).contains("logits");
    }
  }

  @Test
  void usesNoOperatorThatMostRuntimesLack() throws IOException {
    Set<String> operators = new HashSet<>();
    for (ModelFile model : samples.values()) {
      export(model).getGraph().getNodeList().forEach(node -> operators.add(node.getOpType()));
    }

    assertThat(operators).contains("AveragePool", "Sqrt").doesNotContain("LpPool");
  }

  @Test
  void writesL2PoolAsTheRootOfASumOfSquares() throws IOException {
    GraphProto graph =
        export(
                SampleNetworks.random(
                    "input.shape = [1, 6, 6], layers = [{ type = l2-pool, name = pool, window = 3, stride = 1 }, { type = fully-connected, outputs = 2 }]",
                    List.of()))
            .getGraph();

    assertThat(graph.getNodeList())
        .extracting(NodeProto::getOpType)
        .containsSequence("Mul", "AveragePool", "Mul", "Sqrt");
    assertThat(floats(tensor(graph, "/pool/pixels"))).containsExactly(9f);
  }

  @Test
  void hasAnEntryForEachTypeOfLayer() {
    assertThat(OnnxLayers.types())
        .containsExactlyInAnyOrderElementsOf(
            LayerTypes.all().stream().map(LayerType::spec).collect(Collectors.toSet()));
  }

  /** A layer that no sample has is one whose export nobody has compared. */
  @Test
  void comparesEveryTypeOfLayer() {
    Set<String> types =
        samples.values().stream()
            .map(model -> model.plan().layers())
            .flatMap(Collection::stream)
            .map(layer -> LayerTypes.nameOf(layer.spec()))
            .collect(Collectors.toSet());

    assertThat(types).isEqualTo(LayerTypes.names());
  }

  @Test
  void refusesWhatNoFileHolds() {
    OnnxModel.checkSize(2_000_000_000L);

    assertThatThrownBy(() -> OnnxModel.checkSize(3_000_000_000L))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(
            "Cannot export to ONNX: a file holds at most 2 GiB, got 3000000000 bytes of parameters."
                + " Export with --format pytorch.");
  }

  private static void assertValue(ValueInfoProto value, String name) {
    assertThat(value.getName()).isEqualTo(name);
    assertThat(value.getType().getTensorType().getElemType())
        .isEqualTo(TensorProto.DataType.FLOAT.getNumber());
  }

  private static List<String> axes(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(OnnxModelTest::axis)
        .toList();
  }

  private static String axis(TensorShapeProto.Dimension axis) {
    return axis.hasDimParam() ? axis.getDimParam() : Long.toString(axis.getDimValue());
  }

  private static TensorProto tensor(GraphProto graph, String name) {
    return graph.getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static float[] floats(TensorProto tensor) {
    float[] values = new float[tensor.getRawData().size() / Float.BYTES];
    tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  private static ModelProto export(ModelFile model) throws IOException {
    return ModelProto.parseFrom(bytes(model));
  }

  private static byte[] bytes(ModelFile model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxModel.write(model, out);
    return out.toByteArray();
  }
}
