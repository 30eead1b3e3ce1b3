package dev.featuremap.job.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.featuremap.format.TensorSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the nodes and the constants of a graph.
 *
 * <p>A node has a name, and its one result is that name behind a slash: names of tensors are those
 * of the network, which have none.
 */
final class OnnxGraph {
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /** Adds a node and returns the name of its result. */
  String node(String operator, String name, List<String> inputs, AttributeProto... attributes) {
    String output = "/" + name;
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(Arrays.asList(attributes)));
    return output;
  }

  /** Gives the result of the node added last, which no other reads, another name. */
  void renameLastResult(String name) {
    graph.getNodeBuilder(graph.getNodeCount() - 1).setOutput(0, name);
  }

  /** Adds a tensor of the network under its own name. */
  void tensor(TensorSlice tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(tensor.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(tensor.values(), tensor.at(), tensor.size());
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(tensor.name())
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(tensor.dimensions())
            .setRawData(ByteString.copyFrom(bytes)));
  }

  /** Adds constants and returns their name. */
  String constant(String name, List<Long> dimensions, float... values) {
    String unique = "/" + name;
    tensor(new TensorSlice(unique, dimensions, values, 0));
    return unique;
  }

  /** Adds the axes that an operator works on, as an operator takes them since opset 13. */
  String axes(String name, long... axes) {
    String unique = "/" + name;
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(unique)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(axes.length);
    Arrays.stream(axes).forEach(tensor::addInt64Data);
    graph.addInitializer(tensor);
    return unique;
  }

  /** Adds the node that gives vectors rows and columns. */
  String unflattened(String name, String vectors) {
    return node("Unsqueeze", name, List.of(vectors, axes(name + "/axes", 2, 3)));
  }

  /** What has been collected, to be completed. */
  GraphProto.Builder graph() {
    return graph;
  }

  static AttributeProto integer(String name, long value) {
    return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute = attribute(name, AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }

  static AttributeProto number(String name, double value) {
    return attribute(name, AttributeProto.AttributeType.FLOAT).setF((float) value).build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
