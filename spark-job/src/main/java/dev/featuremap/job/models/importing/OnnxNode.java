package dev.featuremap.job.models.importing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a graph with its attributes by name.
 *
 * @param opset the version of ONNX's operators that the graph uses
 */
record OnnxNode(NodeProto proto, Map<String, AttributeProto> attributes, long opset) {

  static OnnxNode of(NodeProto proto, long opset) {
    Map<String, AttributeProto> attributes = new HashMap<>();
    proto.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
    return new OnnxNode(proto, attributes, opset);
  }

  /** The operator, as {@code Conv}, with its domain where that is not ONNX's own. */
  String operator() {
    String domain = proto.getDomain();
    return domain.isEmpty() || domain.equals("ai.onnx")
        ? proto.getOpType()
        : domain + "." + proto.getOpType();
  }

  /** How messages name it. */
  String title() {
    String name = proto.getName().isEmpty() ? output(0) : proto.getName();
    return "%s %s".formatted(operator(), name);
  }

  int inputs() {
    return proto.getInputCount();
  }

  /** The name of an input; empty where it is left out. */
  String input(int index) {
    return index < inputs() ? proto.getInput(index) : "";
  }

  String output(int index) {
    return index < proto.getOutputCount() ? proto.getOutput(index) : "";
  }

  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  long integer(String name, long fallback) {
    return has(name) ? attributes.get(name).getI() : fallback;
  }

  double number(String name, double fallback) {
    return has(name) ? exact(attributes.get(name).getF()) : fallback;
  }

  /** The shortest decimal that is this float, as people wrote it before it became one. */
  static double exact(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  String text(String name, String fallback) {
    return has(name) ? attributes.get(name).getS().toStringUtf8() : fallback;
  }

  /** Whole numbers; {@code fallback} where the attribute is left out. */
  long[] integers(String name, long... fallback) {
    return has(name)
        ? attributes.get(name).getIntsList().stream().mapToLong(Long::longValue).toArray()
        : fallback;
  }

  List<Float> numbers(String name) {
    return has(name) ? attributes.get(name).getFloatsList() : List.of();
  }

  Optional<TensorProto> tensor(String name) {
    return Optional.ofNullable(attributes.get(name)).map(AttributeProto::getT);
  }

  /** Two numbers, of which all must be at least 1. */
  List<Integer> pair(String name, int fallback) {
    long[] values = integers(name, fallback, fallback);
    if (values.length != 2 || Arrays.stream(values).anyMatch(v -> v < 1 || v > 1 << 20)) {
      throw new IllegalArgumentException(
          "its %s must be two numbers, got %s".formatted(name, Arrays.toString(values)));
    }
    return List.of((int) values[0], (int) values[1]);
  }
}
