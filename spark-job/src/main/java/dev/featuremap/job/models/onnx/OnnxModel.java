package dev.featuremap.job.models.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedStep;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A trained network as an ONNX model of opset {@value #OPSET}: pixels from 0 to 255 in, logits out,
 * any number of images at once.
 *
 * <p>The graph normalizes the pixels itself, so that whoever runs it cannot do so in another way.
 * Equal models give equal bytes.
 */
public final class OnnxModel {
  /** The name of the images, {@code [batch, channels, height, width]}. */
  public static final String PIXELS = "pixels";

  /** The name of the outputs, {@code [batch, classes]}. */
  public static final String LOGITS = "logits";

  private static final int OPSET = 13;
  private static final int IR_VERSION = 7;

  /** What one message of Protocol Buffers may take, and room for all but the tensors. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (16L << 20);

  private final ModelFile model;
  private final NetworkPlan plan;
  private final OnnxGraph graph = new OnnxGraph();

  private OnnxModel(ModelFile model) {
    this.model = model;
    this.plan = model.plan();
  }

  /**
   * Writes a model.
   *
   * @throws JobException with {@code USAGE} if it exceeds the 2 GiB that a file of ONNX may have
   */
  public static void write(ModelFile model, OutputStream out) throws IOException {
    checkSize((long) model.values().length * Float.BYTES);
    new OnnxModel(model).build().writeTo(out);
  }

  /** Refuses tensors of so many bytes if they are too many for a file. */
  static void checkSize(long bytes) {
    if (bytes > MOST_BYTES) {
      throw JobException.usage(
          "Cannot export to ONNX: a file holds at most 2 GiB, got %s bytes of parameters. Export with --format pytorch."
              .formatted(bytes));
    }
  }

  private ModelProto build() {
    String[] activations = new String[plan.steps().size() + 1];
    activations[0] = normalized();
    for (PlannedStep step : plan.steps()) {
      activations[step.writes()] = step(step, activations);
    }
    graph.renameLastResult(LOGITS);
    model.tensors().forEach(graph::tensor);
    Shape shape = plan.spec().input().shape();
    GraphProto.Builder complete =
        graph
            .graph()
            .setName("network")
            .addInput(
                value(
                    PIXELS,
                    "pixels from 0 to 255, three channels are red, green and blue",
                    shape.channels(),
                    shape.height(),
                    shape.width()))
            .addOutput(
                value(
                    LOGITS,
                    "logits of the classes, before the softmax or sigmoid of the loss",
                    plan.classes()));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("featuremap")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(complete)
        .addAllMetadataProps(metadata())
        .build();
  }

  private String step(PlannedStep step, String[] activations) {
    List<String> inputs = step.reads().stream().map(read -> activations[read]).toList();
    return step.layer()
        .map(layer -> OnnxLayers.write(graph, layer, inputs.get(0)))
        .orElseGet(() -> join(step, inputs));
  }

  private String join(PlannedStep step, List<String> inputs) {
    return switch (step.join().orElseThrow()) {
      case ADD -> graph.node("Add", step.name(), inputs);
      case CONCAT -> graph.node("Concat", step.name(), inputs, OnnxGraph.integer("axis", 1));
      case MULTIPLY -> {
        String gate = inputs.get(1);
        boolean broadcasts = plan.shape(step.reads().get(1)).isFlat() && !step.output().isFlat();
        String factor = broadcasts ? graph.unflattened(step.name() + "/unflatten", gate) : gate;
        yield graph.node("Mul", step.name(), List.of(inputs.get(0), factor));
      }
    };
  }

  /** {@code (p / 255 - mean) / deviation} as one factor and one addend a channel. */
  private String normalized() {
    InputSpec input = plan.spec().input();
    int channels = input.shape().channels();
    float[] factors = new float[channels];
    float[] addends = new float[channels];
    for (int c = 0; c < channels; c++) {
      double deviation = input.deviations().get(c);
      factors[c] = (float) (1 / (255 * deviation));
      addends[c] = (float) (-input.means().get(c) / deviation);
    }
    List<Long> perChannel = List.of(1L, (long) channels, 1L, 1L);
    String factor = graph.constant("normalize/factor", perChannel, factors);
    String addend = graph.constant("normalize/addend", perChannel, addends);
    String scaled = graph.node("Mul", "normalize/scaled", List.of(PIXELS, factor));
    String normalized = graph.node("Add", "normalize/shifted", List.of(scaled, addend));
    return input.shape().isFlat()
        ? graph.node(
            "Flatten", "normalize/flatten", List.of(normalized), OnnxGraph.integer("axis", 1))
        : normalized;
  }

  private List<StringStringEntryProto> metadata() {
    InputSpec input = plan.spec().input();
    Map<String, String> metadata = new TreeMap<>(model.notes().metadata(model.networkText()));
    metadata.remove("format");
    metadata.put("featuremap.loss", plan.spec().loss().toString());
    metadata.put("featuremap.mean", input.means().toString());
    metadata.put("featuremap.deviation", input.deviations().toString());
    return metadata.entrySet().stream()
        .map(
            entry ->
                StringStringEntryProto.newBuilder()
                    .setKey(entry.getKey())
                    .setValue(entry.getValue())
                    .build())
        .toList();
  }

  private static ValueInfoProto value(String name, String description, long... axes) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    for (long axis : axes) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(axis));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setDocString(description)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
