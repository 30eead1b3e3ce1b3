package dev.featuremap.job.models.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.featuremap.job.failure.JobException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that graphs of old opsets write in pieces are read as the layers they are. */
class PatternsTest {
  private static final ImportRule RULE =
      new ImportRule(Optional.empty(), List.of(0.5), List.of(1.0), false, Optional.empty());

  private final ModelProto.Builder model = ModelProto.newBuilder();

  PatternsTest() {
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(11));
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : new long[] {1, 4, 2, 2}) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    model
        .getGraphBuilder()
        .addInput(
            ValueInfoProto.newBuilder()
                .setName("x")
                .setType(
                    TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setShape(shape))))
        .addOutput(ValueInfoProto.newBuilder().setName("y"));
    number("half", 0.5f);
    number("one", 1);
    number("two", 2);
    number("three", 3);
    number("six", 6);
    number("epsilon", 1e-6f);
  }

  private void number(String name, float value) {
    floats(name, List.of(), value);
  }

  private void floats(String name, List<Long> dims, float... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .addAllDims(dims)
            .setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (float value : values) {
      tensor.addFloatData(value);
    }
    model.getGraphBuilder().addInitializer(tensor);
  }

  private NodeProto.Builder node(String operator, String output, String... inputs) {
    return model
        .getGraphBuilder()
        .addNodeBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private void node(String operator, String output, String input, long[] axes) {
    String attribute = operator.equals("Transpose") ? "perm" : "axes";
    node(operator, output, input)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName(attribute)
                .setType(AttributeType.INTS)
                .addAllInts(Arrays.stream(axes).boxed().toList()));
  }

  private void reshape(String output, String input, long... dims) {
    model
        .getGraphBuilder()
        .addInitializer(
            TensorProto.newBuilder()
                .setName(output + ".dims")
                .addDims(dims.length)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addAllInt64Data(Arrays.stream(dims).boxed().toList()));
    node("Reshape", output, input, output + ".dims");
  }

  private ImportedNetwork read() throws IOException {
    return OnnxReader.read(new ByteArrayInputStream(model.build().toByteArray()), "net.onnx", RULE);
  }

  /** The layers of the network, without those that a model needs at its end. */
  private String layers() throws IOException {
    node("Flatten", "y", "z");
    return read()
        .model()
        .networkText()
        .lines()
        .filter(line -> line.startsWith("  { "))
        .filter(line -> !line.contains("type = flatten"))
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }

  /** As PyTorch writes a layer norm, up to its weights. */
  private void normalize(String input, String output, long... axes) {
    node("ReduceMean", "mean", input, axes);
    node("Sub", "centered", input, "mean");
    node("Pow", "square", "centered", "two");
    node("ReduceMean", "variance", "square", axes);
    node("Add", "sum", "variance", "epsilon");
    node("Sqrt", "root", "sum");
    node("Div", output, "centered", "root");
  }

  @Test
  void readsALayerNormInPieces() throws IOException {
    floats("norm.weight", List.of(4L), 1, 2, 3, 4);
    floats("norm.bias", List.of(4L), 5, 6, 7, 8);
    node("Transpose", "last", "x", new long[] {0, 2, 3, 1});
    normalize("last", "normal", -1);
    node("Mul", "scaled", "normal", "norm.weight");
    node("Add", "moved", "scaled", "norm.bias");
    node("Transpose", "z", "moved", new long[] {0, 3, 1, 2});

    assertThat(layers()).isEqualTo("{ type = layer-norm, name = \"norm\", epsilon = 1.0E-6 }");
    assertThat(read().model().values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void readsALayerNormOfChannelsInFront() throws IOException {
    normalize("x", "z", 1);

    assertThat(layers()).isEqualTo("{ type = layer-norm, epsilon = 1.0E-6, affine = false }");
  }

  @Test
  void readsANormOfAllValues() throws IOException {
    normalize("x", "z", 1, 2, 3);

    assertThat(layers())
        .isEqualTo("{ type = group-norm, groups = 1, epsilon = 1.0E-6, affine = false }");
  }

  @Test
  void readsAnInstanceNormInPieces() throws IOException {
    normalize("x", "z", 2, 3);

    assertThat(layers()).isEqualTo("{ type = instance-norm, epsilon = 1.0E-6 }");
  }

  @Test
  void readsANormThatMultipliesByTheReciprocal() throws IOException {
    node("ReduceMean", "mean", "x", new long[] {1});
    node("Sub", "centered", "x", "mean");
    node("Mul", "square", "centered", "centered");
    node("ReduceMean", "variance", "square", new long[] {1});
    node("Add", "sum", "variance", "epsilon");
    node("Sqrt", "root", "sum");
    node("Reciprocal", "factor", "root");
    node("Mul", "z", "factor", "centered");

    assertThat(layers()).isEqualTo("{ type = layer-norm, epsilon = 1.0E-6, affine = false }");
  }

  @Test
  void refusesAVarianceOfAnotherAxis() {
    node("ReduceMean", "mean", "x", new long[] {1});
    node("Sub", "centered", "x", "mean");
    node("Pow", "square", "centered", "two");
    node("ReduceMean", "variance", "square", new long[] {2, 3});
    node("Add", "sum", "variance", "epsilon");
    node("Sqrt", "root", "sum");
    node("Div", "z", "centered", "root");

    assertThatThrownBy(this::layers)
        .isInstanceOf(JobException.class)
        .hasMessage(
            """
            Cannot import net.onnx: 3 of its nodes cannot be said in a network file:
              Div z: its input 2 must be a constant, got root
              Sub centered: no layer computes it alone
              Sqrt root: no layer computes it alone
            Export the network in another form, or without them.""");
  }

  @Test
  void readsAGroupNormAsPytorchWritesIt() throws IOException {
    floats("ones", List.of(2L), 1, 1);
    floats("zeros", List.of(2L), 0, 0);
    floats("norm.weight", List.of(4L, 1L, 1L), 1, 2, 3, 4);
    floats("norm.bias", List.of(4L, 1L, 1L), 5, 6, 7, 8);
    reshape("groups", "x", 0, 2, -1);
    node("InstanceNormalization", "normal", "groups", "ones", "zeros");
    reshape("back", "normal", 1, 4, 2, 2);
    node("Mul", "scaled", "back", "norm.weight");
    node("Add", "z", "scaled", "norm.bias");

    assertThat(layers()).isEqualTo("{ type = group-norm, name = \"norm\", groups = 2 }");
    assertThat(read().model().values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void givesChannelsTheFactorOfTheirGroup() throws IOException {
    floats("norm.weight", List.of(2L), 3, 4);
    floats("norm.bias", List.of(2L), 5, 6);
    node("GroupNormalization", "z", "x", "norm.weight", "norm.bias")
        .addAttribute(
            AttributeProto.newBuilder().setName("num_groups").setType(AttributeType.INT).setI(2));

    assertThat(layers()).isEqualTo("{ type = group-norm, name = \"norm\", groups = 2 }");
    assertThat(read().model().values()).containsExactly(3, 3, 4, 4, 5, 5, 6, 6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"block.layer_scale", "block.gamma", "layer_scale_1", "blocks.0.ls1.gamma"})
  void keepsALayerScale(String name) throws IOException {
    floats("w", List.of(4L, 4L, 1L, 1L), new float[16]);
    floats(name, List.of(4L, 1L, 1L), 1, 2, 3, 4);
    node("Conv", "c", "x", "w");
    node("Mul", "z", name, "c");

    assertThat(layers()).endsWith("{ type = layer-scale, name = \"%s\" }".formatted(name));
    assertThat(read().model().values()).endsWith(1, 2, 3, 4);
  }

  @Test
  void readsGeluInPieces() throws IOException {
    number("root2", (float) Math.sqrt(2));
    node("Div", "a", "x", "root2");
    node("Erf", "b", "a");
    node("Add", "c", "b", "one");
    node("Mul", "d", "x", "c");
    node("Mul", "z", "d", "half");

    assertThat(layers()).isEqualTo("{ type = gelu, approximate = none }");
  }

  @Test
  void readsGeluByTanhInPieces() throws IOException {
    number("cubic", 0.044715f);
    number("factor", 0.7978846f);
    node("Mul", "square", "x", "x");
    node("Mul", "cube", "x", "square");
    node("Mul", "small", "cube", "cubic");
    node("Add", "inner", "x", "small");
    node("Mul", "scaled", "factor", "inner");
    node("Tanh", "tanh", "scaled");
    node("Add", "gate", "one", "tanh");
    node("Mul", "double", "x", "gate");
    node("Mul", "z", "half", "double");

    assertThat(layers()).isEqualTo("{ type = gelu }");
  }

  @Test
  void readsHardSwishAndSiluInPieces() throws IOException {
    node("Add", "a", "x", "three");
    node("Clip", "b", "a")
        .addAttribute(
            AttributeProto.newBuilder().setName("min").setType(AttributeType.FLOAT).setF(0))
        .addAttribute(
            AttributeProto.newBuilder().setName("max").setType(AttributeType.FLOAT).setF(6));
    node("Div", "c", "b", "six");
    node("Mul", "d", "x", "c");
    node("Sigmoid", "e", "d");
    node("Mul", "z", "d", "e");

    assertThat(layers())
        .isEqualTo(
            """
            { type = hard-swish }
            { type = silu }""");
  }

  @Test
  void readsPowersAsProducts() throws IOException {
    node("Relu", "a", "x");
    node("Pow", "z", "a", "three");

    assertThat(layers())
        .isEqualTo(
            """
            { type = relu, name = "relu1" }
            { type = multiply, name = "multiply1", inputs = ["relu1", "relu1"] }
            { type = multiply, inputs = ["relu1", "multiply1"] }""");
    assertThat(read().model().plan().classes()).isEqualTo(16);
  }

  @Test
  void readsAViewByStridesOfAnAverageOverAllPixels() throws IOException {
    node("GlobalAveragePool", "mean", "x");
    reshape("row", "mean", -1);
    floats("indices", List.of(2L, 4L, 1L, 1L), 0, 1, 2, 3, 4, 5, 6, 7);
    node("Gather", "z", "row", "indices");

    assertThat(layers()).isEqualTo("{ type = global-average-pool }");
  }

  @Test
  void readsAViewByStridesOfABatchOfAnySize() throws IOException {
    number("zero", 0);
    floats("stride", List.of(), 4);
    floats("channels", List.of(4L, 1L, 1L), 0, 1, 2, 3);
    node("GlobalAveragePool", "mean", "x");
    reshape("row", "mean", -1);
    node("Shape", "shape", "mean");
    node("Gather", "batch", "shape", "zero");
    node("Range", "images", "zero", "batch", "one");
    node("Mul", "starts", "images", "stride");
    node("Unsqueeze", "first", "starts", new long[] {1, 2, 3});
    node("Add", "indices", "first", "channels");
    node("Gather", "z", "row", "indices");

    assertThat(layers()).isEqualTo("{ type = global-average-pool }");
  }

  @Test
  void namesAGatherThatMovesValues() {
    node("GlobalAveragePool", "mean", "x");
    reshape("row", "mean", -1);
    floats("indices", List.of(1L, 4L, 1L, 1L), 3, 2, 1, 0);
    node("Gather", "z", "row", "indices");

    assertThatThrownBy(this::layers)
        .hasMessageContaining("Gather z: it must take all values in their order");
  }

  @Test
  void readsZerosAroundAnAverageThatHasNoPaddingOfItsOwn() throws IOException {
    ints(node("Pad", "padded", "x"), "pads", 0, 0, 1, 1, 0, 0, 1, 1);
    NodeProto.Builder average = node("AveragePool", "z", "padded");
    ints(average, "kernel_shape", 3, 3);
    ints(average, "pads", 0, 0, 0, 0);
    ints(average, "strides", 1, 1);

    assertThat(layers()).isEqualTo("{ type = average-pool, window = 3, stride = 1, padding = 1 }");
  }

  private static void ints(NodeProto.Builder node, String name, long... values) {
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeType.INTS)
            .addAllInts(Arrays.stream(values).boxed().toList()));
  }

  @Test
  void namesAnExponentThatNoProductIs() {
    number("fifth", 0.2f);
    node("Pow", "z", "x", "fifth");

    assertThatThrownBy(this::layers)
        .hasMessageContaining("Pow z: its exponent must be 1, 2, 3, 0.5 or -0.5, got 0.2");
  }
}
