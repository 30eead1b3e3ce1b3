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
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxReaderTest {
  private static final ImportRule RULE =
      new ImportRule(Optional.empty(), List.of(0.0), List.of(1.0), false, Optional.empty());

  private final ModelProto.Builder model = ModelProto.newBuilder();

  OnnxReaderTest() {
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17));
    input(1, 3, 8, 8);
    model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName("y"));
    weights("w", 4, 3, 3, 3);
    weights("fc.weight", 5, 4);
  }

  private void input(long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    model
        .getGraphBuilder()
        .clearInput()
        .addInput(
            ValueInfoProto.newBuilder()
                .setName("x")
                .setType(
                    TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setShape(shape))));
  }

  private void weights(String name, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
    int size = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      size *= (int) dim;
    }
    IntStream.range(0, size).forEach(k -> tensor.addFloatData(k));
    model.getGraphBuilder().addInitializer(tensor);
  }

  private NodeProto.Builder node(String operator, String output, String... inputs) {
    return model
        .getGraphBuilder()
        .addNodeBuilder()
        .setOpType(operator)
        .setName(operator.toLowerCase(Locale.ROOT) + "1")
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private void head() {
    node("GlobalAveragePool", "pooled", "c");
    node("Flatten", "flat", "pooled");
    node("Gemm", "y", "flat", "fc.weight")
        .addAttribute(
            AttributeProto.newBuilder().setName("transB").setType(AttributeType.INT).setI(1));
  }

  private ImportedNetwork read(ImportRule rule) throws IOException {
    return OnnxReader.read(new ByteArrayInputStream(model.build().toByteArray()), "net.onnx", rule);
  }

  private void assertRefused(ImportRule rule, ExitCode code, String... lines) {
    assertThatThrownBy(() -> read(rule))
        .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessage(String.join("\n", lines));
  }

  @Test
  void writesAReadableNetwork() throws IOException {
    node("Conv", "a", "x", "w")
        .addAttribute(integers("kernel_shape", 3, 3))
        .addAttribute(integers("pads", 1, 0, 1, 0));
    node("Relu", "b", "a");
    node("Add", "c", "b", "a");
    head();

    ImportedNetwork imported = read(RULE);

    assertThat(imported.model().networkText())
        .isEqualToNormalizingNewlines(
            """
            # Imported from net.onnx.

            input { shape = [3, 8, 8], mean = 0.0, deviation = 1.0 }
            layers = [
              { type = convolution, name = "w", feature-maps = 4, kernel-size = 3, padding = [1, 0], bias = false }
              { type = relu, name = "relu1" }
              { type = add, inputs = ["relu1", "w"] }
              { type = global-average-pool }
              { type = fully-connected, name = "fc", outputs = 5, bias = false }
            ]
            loss = softmax-cross-entropy
            """);
    assertThat(imported.model().values()).hasSize(4 * 27 + 20).startsWith(0, 1, 2);
    assertThat(imported.notes())
        .containsExactly(
            "The file does not say how its pixels are normalized. They are taken from 0 to 1; give"
                + " --mean and --deviation if it was trained on others.");
  }

  @Test
  void turnsWeightsOfBlueFirst() throws IOException {
    node("Conv", "c", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    head();

    float[] values =
        read(new ImportRule(Optional.empty(), List.of(0.5), List.of(1.0), true, Optional.empty()))
            .model()
            .values();

    assertThat(values[0]).isEqualTo(18);
    assertThat(values[9]).isEqualTo(9);
    assertThat(values[18]).isZero();
  }

  @Test
  void endsWithTheResultThatIsAskedFor() throws IOException {
    node("Conv", "c", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    head();
    ImportRule pooled =
        new ImportRule(Optional.empty(), List.of(0.5), List.of(1.0), false, Optional.of("pooled"));

    assertThat(read(pooled).model().plan().classes()).isEqualTo(4);
    assertRefused(
        new ImportRule(Optional.empty(), List.of(0.5), List.of(1.0), false, Optional.of("q")),
        ExitCode.USAGE,
        "Cannot import net.onnx: it has no result q that depends on the images. Its results are y.");
  }

  @Test
  void listsAllOperatorsThatNoLayerIs() {
    node("Conv", "c", "x", "w");
    node("LSTM", "l", "c");
    node("Resize", "r", "l");
    node("Resize", "y", "r");

    assertRefused(
        RULE,
        ExitCode.BAD_DATA,
        "Cannot import net.onnx: network files have no layers for 2 of its operators:",
        "  LSTM (1 nodes)",
        "  Resize (2 nodes)",
        "Export a convolutional network in inference mode.");
  }

  @Test
  void listsAllNodesThatCannotBeSaid() {
    node("Conv", "a", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    node("Erf", "b", "a");
    node("ReduceMean", "d", "a").addAttribute(integers("axes", 1));
    node("Transpose", "e", "a").addAttribute(integers("perm", 3, 2, 1, 0));
    node("Sum", "c", "b", "d", "e");
    head();

    assertRefused(
        RULE,
        ExitCode.BAD_DATA,
        "Cannot import net.onnx: 3 of its nodes cannot be said in a network file:",
        "  Transpose transpose1: it must move channels to the front or the end, or shuffle groups,"
            + " got [3, 2, 1, 0] of CHANNELS_FIRST",
        "  Erf erf1: no layer computes it alone",
        "  ReduceMean reducemean1: it must reduce rows and columns, got axes [1]",
        "Export the network in another form, or without them.");
  }

  @Test
  void leavesOutWhatTheResultDoesNotDependOn() throws IOException {
    node("Conv", "c", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    head();
    node("LSTM", "boxes", "c");
    node("Transpose", "turned", "c").addAttribute(integers("perm", 3, 2, 1, 0));

    assertThat(read(RULE).model().plan().classes()).isEqualTo(5);
  }

  @Test
  void namesWhatNoLayerComputesAlone() {
    node("Conv", "a", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    node("Erf", "c", "a");
    head();

    assertRefused(
        RULE,
        ExitCode.BAD_DATA,
        "Cannot import net.onnx: 1 of its nodes cannot be said in a network file:",
        "  Erf erf1: no layer computes it alone",
        "Export the network in another form, or without them.");
  }

  @Test
  void asksForTheSizeThatAGraphLeavesOpen() throws IOException {
    node("Conv", "c", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    head();
    input(1, 3, 0, 0);

    assertRefused(
        RULE,
        ExitCode.USAGE,
        "Cannot import net.onnx: its input x leaves the size of images open, got [3, 0, 0]. Give"
            + " --shape channels,height,width.");
    assertRefused(
        shape(1, 9, 9),
        ExitCode.USAGE,
        "Cannot import net.onnx: its input x is [3, 0, 0], got --shape [1, 9, 9]. Leave --shape"
            + " out, or give one that fits.");
    assertThat(read(shape(3, 9, 7)).model().plan().spec().input().shape())
        .isEqualTo(new Shape(3, 9, 7));
  }

  private static ImportRule shape(int channels, int height, int width) {
    return new ImportRule(
        Optional.of(new Shape(channels, height, width)),
        List.of(0.5),
        List.of(1.0),
        false,
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          6 | Cannot import net.onnx: expected opset 7 to 23, got 6. Convert it: onnx.version_converter.convert_version(model, 17).
          24 | Cannot import net.onnx: expected opset 7 to 23, got 24. Convert it: onnx.version_converter.convert_version(model, 17).
          """)
  void refusesOtherOpsets(long opset, String message) {
    model.clearOpsetImport().addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));

    assertRefused(RULE, ExitCode.BAD_DATA, message);
  }

  @Test
  void refusesWhatIsNoModel() {
    model.clear();
    assertRefused(
        RULE,
        ExitCode.BAD_DATA,
        "Cannot import net.onnx: it is no ONNX model. Give a file that onnx.checker takes.");
    byte[] wireTypeSeven = {0x0f};
    assertThatThrownBy(
            () -> OnnxReader.read(new ByteArrayInputStream(wireTypeSeven), "net.onnx", RULE))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot import net.onnx: it is no ONNX model, or it is damaged: ");
  }

  @Test
  void refusesTensorsInFilesOfTheirOwn() {
    node("Conv", "c", "x", "w").addAttribute(integers("kernel_shape", 3, 3));
    head();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);

    assertRefused(
        RULE,
        ExitCode.BAD_DATA,
        "Cannot import net.onnx: its tensor w is kept in a file of its own. Save the model as one"
            + " file: onnx.save(model, path, save_as_external_data=False).");
  }

  @Test
  void refusesATensorOfAnotherSize() {
    model.getGraphBuilder().getInitializerBuilder(0).addFloatData(1);

    assertRefused(
        RULE,
        ExitCode.BAD_DATA,
        "Cannot import net.onnx: its tensor w must have [4, 3, 3, 3] values by its dimensions, got"
            + " 109.");
  }

  @Test
  void readsHalvesAndBytes() {
    TensorProto.Builder halves =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.FLOAT16.getNumber())
            .addDims(4)
            .addAllInt32Data(List.of(0x3c00, 0xc000, 0x0001, 0x7c00));
    Constant constant = Constant.of(halves.build());

    assertThat(constant.floats()).containsExactly(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY);
  }
}
