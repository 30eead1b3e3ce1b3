package dev.featuremap.job.models.onnx;

import static dev.featuremap.job.models.onnx.OnnxGraph.integer;
import static dev.featuremap.job.models.onnx.OnnxGraph.integers;
import static dev.featuremap.job.models.onnx.OnnxGraph.number;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.featuremap.layer.AveragePool;
import dev.featuremap.layer.BatchNorm;
import dev.featuremap.layer.Convolution;
import dev.featuremap.layer.Dropout;
import dev.featuremap.layer.Flatten;
import dev.featuremap.layer.FullyConnected;
import dev.featuremap.layer.Gelu;
import dev.featuremap.layer.GlobalAveragePool;
import dev.featuremap.layer.L2Pool;
import dev.featuremap.layer.LayerVisitor;
import dev.featuremap.layer.LeakyRelu;
import dev.featuremap.layer.MaxPool;
import dev.featuremap.layer.ReceptiveField;
import dev.featuremap.layer.Relu;
import dev.featuremap.layer.Sigmoid;
import dev.featuremap.layer.Silu;
import dev.featuremap.layer.Tanh;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer as nodes of a graph; each method returns the name of the layer's result.
 *
 * <p>Activations are {@code [batch, channels, height, width]}, and {@code [batch, channels]} where
 * height and width are 1: a shape alone says which.
 */
final class OnnxLayers implements LayerVisitor<String> {
  private static final double GELU_SLOPE = 2 * Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBE = 0.044715;

  private final OnnxGraph graph;
  private final PlannedLayer layer;
  private final String input;

  /**
   * A visitor of one layer.
   *
   * @param input the name of what the layer reads
   */
  OnnxLayers(OnnxGraph graph, PlannedLayer layer, String input) {
    this.graph = graph;
    this.layer = layer;
    this.input = input;
  }

  @Override
  public String convolution(Convolution convolution) {
    ReceptiveField field = convolution.field();
    List<String> inputs = new ArrayList<>(List.of(maps(), layer.name() + ".weight"));
    convolution.biases().ifPresent(start -> inputs.add(layer.name() + ".bias"));
    int rows = field.paddingHeight();
    int columns = field.paddingWidth();
    return spatial(
        "Conv",
        inputs,
        integers("dilations", field.dilation(), field.dilation()),
        integer("group", convolution.groups()),
        integers("kernel_shape", field.height(), field.width()),
        integers("pads", rows, columns, rows, columns),
        integers("strides", field.stride(), field.stride()));
  }

  @Override
  public String fullyConnected(FullyConnected fullyConnected) {
    String vector = layer.input().isFlat() ? input : flattened("flatten", input);
    return graph.node(
        "Gemm",
        layer.name(),
        List.of(vector, layer.name() + ".weight", layer.name() + ".bias"),
        integer("transB", 1));
  }

  @Override
  public String batchNorm(BatchNorm norm) {
    return graph.node(
        "BatchNormalization",
        layer.name(),
        List.of(
            input,
            layer.name() + ".weight",
            layer.name() + ".bias",
            layer.name() + ".running_mean",
            layer.name() + ".running_var"),
        number("epsilon", norm.epsilon()));
  }

  @Override
  public String maxPool(MaxPool pool) {
    int padding = pool.padding();
    return spatial(
        "MaxPool",
        List.of(maps()),
        integers("kernel_shape", pool.window(), pool.window()),
        integers("pads", padding, padding, padding, padding),
        integers("strides", pool.stride(), pool.stride()));
  }

  @Override
  public String averagePool(AveragePool pool) {
    return spatial(
        "AveragePool",
        List.of(maps()),
        integers("kernel_shape", pool.window(), pool.window()),
        integers("strides", pool.stride(), pool.stride()));
  }

  @Override
  public String l2Pool(L2Pool pool) {
    return spatial(
        "LpPool",
        List.of(maps()),
        integers("kernel_shape", pool.window(), pool.window()),
        integer("p", 2),
        integers("strides", pool.stride(), pool.stride()));
  }

  @Override
  public String globalAveragePool(GlobalAveragePool pool) {
    return spatial("GlobalAveragePool", List.of(maps()));
  }

  @Override
  public String flatten(Flatten flatten) {
    return flattened("", input);
  }

  /** The identity, since a graph only predicts. */
  @Override
  public String dropout(Dropout dropout) {
    return elementwise("Identity");
  }

  @Override
  public String relu(Relu relu) {
    return elementwise("Relu");
  }

  @Override
  public String leakyRelu(LeakyRelu relu) {
    return elementwise("LeakyRelu", number("alpha", relu.slope()));
  }

  @Override
  public String sigmoid(Sigmoid sigmoid) {
    return elementwise("Sigmoid");
  }

  @Override
  public String tanh(Tanh tanh) {
    return elementwise("Tanh");
  }

  @Override
  public String silu(Silu silu) {
    return gated(input);
  }

  /**
   * The tanh form as {@code x · σ(x · (a + b · x²))}; an operator of its own came with opset 20.
   */
  @Override
  public String gelu(Gelu gelu) {
    String slope = graph.constant(name("slope"), List.of(), (float) GELU_SLOPE);
    String cube = graph.constant(name("cube"), List.of(), (float) (GELU_SLOPE * GELU_CUBE));
    String square = graph.node("Mul", name("square"), List.of(input, input));
    String scaled = graph.node("Mul", name("scaled"), List.of(square, cube));
    String factor = graph.node("Add", name("factor"), List.of(scaled, slope));
    return gated(graph.node("Mul", name("argument"), List.of(input, factor)));
  }

  private String gated(String argument) {
    String gate = graph.node("Sigmoid", name("gate"), List.of(argument));
    return graph.node("Mul", layer.name(), List.of(input, gate));
  }

  private String elementwise(String operator, AttributeProto... attributes) {
    return graph.node(operator, layer.name(), List.of(input), attributes);
  }

  /** A node that makes maps, and a vector of them where they have one pixel. */
  private String spatial(String operator, List<String> inputs, AttributeProto... attributes) {
    return layer.output().isFlat()
        ? flattened("", graph.node(operator, name("maps"), inputs, attributes))
        : graph.node(operator, layer.name(), inputs, attributes);
  }

  /** The input with rows and columns, also where it is a vector. */
  private String maps() {
    return layer.input().isFlat()
        ? graph.node(
            "Unsqueeze",
            name("unflatten"),
            List.of(input, graph.axes(name("unflatten/axes"), 2, 3)))
        : input;
  }

  private String flattened(String part, String maps) {
    String name = part.isEmpty() ? layer.name() : name(part);
    return graph.node("Flatten", name, List.of(maps), integer("axis", 1));
  }

  private String name(String part) {
    return layer.name() + "/" + part;
  }
}
