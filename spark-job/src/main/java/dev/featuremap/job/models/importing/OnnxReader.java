package dev.featuremap.job.models.importing;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.importing.Flow.Layout;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads an ONNX model of a convolutional network, of opset {@value #OLDEST} to {@value #NEWEST}, as
 * a network file and its parameters.
 *
 * <p>A node becomes a layer or a join, or part of one. What the result does not depend on is left
 * out. All that cannot be expressed is listed at once.
 */
public final class OnnxReader {
  private static final int OLDEST = 7;
  private static final int NEWEST = 23;
  private static final int MOST_LINES = 20;

  private static final Map<String, Consumer<Place>> OPERATORS = operators();

  private final GraphProto graph;
  private final long opset;
  private final ImportRule rule;
  private final String source;
  private final Elements elements = new Elements();
  private final Map<String, Constant> constants = new HashMap<>();
  private final Map<String, Flow> flows = new HashMap<>();
  private final Set<String> unknown = new HashSet<>(); // results of what could not be read
  private final List<String> problems = new ArrayList<>();
  private final Set<Element> dropped = new HashSet<>(); // what nodes that are not read would read
  private final List<OnnxNode> nodes;

  private OnnxReader(ModelProto model, long opset, ImportRule rule, String source) {
    this.graph = model.getGraph();
    this.opset = opset;
    this.rule = rule;
    this.source = source;
    this.nodes =
        needed(
            rule.output().orElse(graph.getOutputCount() == 0 ? "" : graph.getOutput(0).getName()));
  }

  /** The nodes that a result depends on, in their order. */
  private List<OnnxNode> needed(String result) {
    Set<String> read = new HashSet<>(Set.of(result));
    List<OnnxNode> found = new ArrayList<>();
    for (int k = graph.getNodeCount() - 1; k >= 0; k--) {
      NodeProto node = graph.getNode(k);
      if (node.getOutputList().stream()
          .anyMatch(output -> !output.isEmpty() && read.contains(output))) {
        read.addAll(node.getInputList());
        found.add(OnnxNode.of(node, opset));
      }
    }
    Collections.reverse(found);
    return found;
  }

  private static Map<String, Consumer<Place>> operators() {
    Map<String, Consumer<Place>> all = new HashMap<>();
    all.putAll(WindowOperators.ALL);
    all.putAll(ProductOperators.ALL);
    all.putAll(ElementwiseOperators.ALL);
    all.putAll(ArithmeticOperators.ALL);
    all.putAll(ShapeOperators.ALL);
    return all;
  }

  /**
   * Reads a model.
   *
   * @param source how messages name the file
   * @throws JobException with {@code BAD_DATA} if it is no ONNX model, or naming everything in it
   *     that no network file can say; with {@code USAGE} if {@code rule} does not fit it
   */
  public static ImportedNetwork read(InputStream in, String source, ImportRule rule)
      throws IOException {
    ModelProto model = parse(in, source);
    long opset =
        model.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
            .mapToLong(OperatorSetIdProto::getVersion)
            .max()
            .orElse(0);
    if (!model.hasGraph() || opset == 0) {
      throw JobException.badData(
          "Cannot import %s: it is no ONNX model. Give a file that onnx.checker takes."
              .formatted(source));
    }
    if (opset < OLDEST || opset > NEWEST) {
      throw JobException.badData(
          "Cannot import %s: expected opset %s to %s, got %s. Convert it: onnx.version_converter.convert_version(model, 17)."
              .formatted(source, OLDEST, NEWEST, opset));
    }
    try {
      OnnxReader reader = new OnnxReader(model, opset, rule, source);
      return reader.exported(model).orElseGet(reader::network);
    } catch (JobException e) {
      throw e.getMessage().startsWith("Cannot ")
          ? e
          : JobException.badData("Cannot import %s: %s".formatted(source, e.getMessage()));
    }
  }

  private static ModelProto parse(InputStream in, String source) throws IOException {
    try {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      return ModelProto.parseFrom(coded);
    } catch (InvalidProtocolBufferException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw JobException.badData(
          "Cannot import %s: it is no ONNX model, or it is damaged: %s"
              .formatted(source, e.getMessage()));
    }
  }

  /** A model that this project has exported says all of it, labels included. */
  private Optional<ImportedNetwork> exported(ModelProto model) {
    Map<String, String> metadata = new HashMap<>();
    model.getMetadataPropsList().forEach(p -> metadata.put(p.getKey(), p.getValue()));
    if (rule.output().isPresent()) {
      return Optional.empty();
    }
    Map<String, TensorProto> tensors = new HashMap<>();
    graph.getInitializerList().forEach(tensor -> tensors.put(tensor.getName(), tensor));
    try {
      return ModelFile.of(
              metadata,
              name -> Optional.ofNullable(tensors.get(name)).map(t -> Constant.of(t).floats()),
              source)
          .map(read -> new ImportedNetwork(read, List.of()));
    } catch (FormatException e) {
      throw JobException.badData(e);
    }
  }

  private ImportedNetwork network() {
    refuseUnknownOperators();
    for (TensorProto tensor : graph.getInitializerList()) {
      constants.put(tensor.getName(), Constant.of(tensor));
    }
    ValueInfoProto input = input();
    Flow images = images(input);
    flows.put(input.getName(), images);
    nodes.forEach(this::read);
    String output = rule.output().orElse(graph.getOutput(0).getName());
    Flow last = flows.get(output);
    if (last == null && !unknown.contains(output)) {
      throw JobException.usage(
          "Cannot import %s: it has no result %s that depends on the images. Its results are %s."
              .formatted(
                  source,
                  output,
                  graph.getOutputList().stream()
                      .map(ValueInfoProto::getName)
                      .collect(Collectors.joining(", "))));
    }
    if (last != null) {
      dropped.add(last.element());
    }
    problems.addAll(NetworkText.unsaid(elements.all, dropped));
    refuse(problems);
    return NetworkText.write(elements.all, images.element(), last.element(), rule, source);
  }

  /** Lists operators by their number, before anything is read. */
  private void refuseUnknownOperators() {
    Map<String, Integer> missing = new TreeMap<>();
    for (OnnxNode node : nodes) {
      String operator = node.operator();
      if (!OPERATORS.containsKey(operator) && !ConstantOperators.ALL.containsKey(operator)) {
        missing.merge(operator, 1, Integer::sum);
      }
    }
    List<String> lines = new ArrayList<>();
    missing.forEach((operator, count) -> lines.add("%s (%s nodes)".formatted(operator, count)));
    if (!lines.isEmpty()) {
      throw JobException.listing(
          ExitCode.BAD_DATA,
          "Cannot import %s: network files have no layers for %s of its operators:"
              .formatted(source, lines.size()),
          lines,
          "Export a convolutional network in inference mode.");
    }
  }

  private void refuse(List<String> lines) {
    if (!lines.isEmpty()) {
      List<String> shown = new ArrayList<>(lines.subList(0, Math.min(MOST_LINES, lines.size())));
      if (lines.size() > MOST_LINES) {
        shown.add("and %s more".formatted(lines.size() - MOST_LINES));
      }
      throw JobException.listing(
          ExitCode.BAD_DATA,
          "Cannot import %s: %s of its nodes cannot be said in a network file:"
              .formatted(source, lines.size()),
          shown,
          "Export the network in another form, or without them.");
    }
  }

  private ValueInfoProto input() {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(value -> !constants.containsKey(value.getName()))
            .toList();
    if (inputs.size() != 1 || graph.getOutputCount() == 0) {
      throw JobException.badData(
          "it must have one input and at least one output, got %s and %s."
              .formatted(inputs.size(), graph.getOutputCount()));
    }
    return inputs.get(0);
  }

  private Flow images(ValueInfoProto input) {
    List<Dimension> dims = input.getType().getTensorType().getShape().getDimList();
    if (dims.size() != 4) {
      throw JobException.badData(
          "its input %s must be images of 4 axes, got %s.".formatted(input.getName(), dims.size()));
    }
    List<Long> sizes =
        dims.subList(1, 4).stream()
            .map(dim -> dim.hasDimValue() && dim.getDimValue() > 0 ? dim.getDimValue() : 0)
            .toList();
    boolean last = nodes.stream().anyMatch(node -> movesChannels(node, input.getName()));
    List<Long> ordered = last ? List.of(sizes.get(2), sizes.get(0), sizes.get(1)) : sizes;
    Shape shape = shape(input.getName(), ordered);
    return new Flow(Element.images(shape), last ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST);
  }

  /** Whether a node moves the channels of the images from the end to the front. */
  private static boolean movesChannels(OnnxNode node, String images) {
    return node.operator().equals("Transpose")
        && node.input(0).equals(images)
        && Arrays.equals(node.integers("perm"), new long[] {0, 3, 1, 2});
  }

  private Shape shape(String name, List<Long> graphShape) {
    if (rule.shape().isEmpty()) {
      if (graphShape.contains(0L) || graphShape.stream().anyMatch(size -> size > 1 << 20)) {
        throw JobException.usage(
            "Cannot import %s: its input %s leaves the size of images open, got %s. Give --shape channels,height,width."
                .formatted(source, name, graphShape));
      }
      return new Shape(
          graphShape.get(0).intValue(), graphShape.get(1).intValue(), graphShape.get(2).intValue());
    }
    Shape shape = rule.shape().get();
    List<Long> given =
        List.of((long) shape.channels(), (long) shape.height(), (long) shape.width());
    for (int k = 0; k < 3; k++) {
      if (graphShape.get(k) != 0 && !graphShape.get(k).equals(given.get(k))) {
        throw JobException.usage(
            "Cannot import %s: its input %s is %s, got --shape %s. Leave --shape out, or give one that fits."
                .formatted(source, name, graphShape, given));
      }
    }
    return shape;
  }

  /** Reads a node, unless something above it could not be read. */
  private void read(OnnxNode node) {
    List<String> inputs = node.proto().getInputList();
    if (inputs.stream().anyMatch(unknown::contains)) {
      drop(node);
      return;
    }
    Place place = new Place(node, elements, constants, flows);
    boolean constant = inputs.stream().noneMatch(flows::containsKey);
    try {
      if (constant && ConstantOperators.ALL.containsKey(node.operator())) {
        constants.put(node.output(0), ConstantOperators.ALL.get(node.operator()).apply(place));
      } else if (OPERATORS.containsKey(node.operator())) {
        OPERATORS.get(node.operator()).accept(place);
      } else {
        throw new IllegalArgumentException("it must not depend on the images");
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      String reason = e instanceof IllegalArgumentException ? e.getMessage() : "it is damaged";
      problems.add("%s: %s".formatted(node.title(), reason));
      drop(node);
    }
  }

  /** Leaves a node out, and remembers what it would read, which is to be known all the same. */
  private void drop(OnnxNode node) {
    unknown.addAll(node.proto().getOutputList());
    for (String input : node.proto().getInputList()) {
      if (flows.containsKey(input)) {
        dropped.add(flows.get(input).element());
      }
    }
  }
}
