package dev.featuremap.job.models.onnx;

import static dev.featuremap.job.models.onnx.OnnxGraph.integer;
import static dev.featuremap.job.models.onnx.OnnxGraph.integers;
import static dev.featuremap.job.models.onnx.OnnxGraph.number;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.channel.ChannelShuffle;
import dev.featuremap.layer.channel.ChannelSlice;
import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.layer.convolution.ReceptiveField;
import dev.featuremap.layer.dense.Flatten;
import dev.featuremap.layer.dense.FullyConnected;
import dev.featuremap.layer.elementwise.Clip;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.layer.elementwise.Elu;
import dev.featuremap.layer.elementwise.Gelu;
import dev.featuremap.layer.elementwise.HardSigmoid;
import dev.featuremap.layer.elementwise.HardSwish;
import dev.featuremap.layer.elementwise.LeakyRelu;
import dev.featuremap.layer.elementwise.Mish;
import dev.featuremap.layer.elementwise.Prelu;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.elementwise.Relu6;
import dev.featuremap.layer.elementwise.Scale;
import dev.featuremap.layer.elementwise.Sigmoid;
import dev.featuremap.layer.elementwise.Silu;
import dev.featuremap.layer.elementwise.Softmax;
import dev.featuremap.layer.elementwise.SpatialDropout;
import dev.featuremap.layer.elementwise.StochasticDepth;
import dev.featuremap.layer.elementwise.Tanh;
import dev.featuremap.layer.normalization.BatchNorm;
import dev.featuremap.layer.normalization.GroupNorm;
import dev.featuremap.layer.normalization.InstanceNorm;
import dev.featuremap.layer.normalization.LayerNorm;
import dev.featuremap.layer.normalization.LayerScale;
import dev.featuremap.layer.normalization.LocalResponseNorm;
import dev.featuremap.layer.pooling.AdaptiveAveragePool;
import dev.featuremap.layer.pooling.AdaptiveMaxPool;
import dev.featuremap.layer.pooling.AveragePool;
import dev.featuremap.layer.pooling.GlobalAveragePool;
import dev.featuremap.layer.pooling.GlobalMaxPool;
import dev.featuremap.layer.pooling.L2Pool;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * How each type of layer becomes nodes of a graph: an entry for each, which returns the name of the
 * layer's result.
 *
 * <p>Activations are {@code [batch, channels, height, width]}, and {@code [batch, channels]} where
 * height and width are 1: a shape alone says which.
 */
record OnnxLayers(OnnxGraph graph, PlannedLayer layer, String input) {
  private static final Map<Class<?>, BiFunction<OnnxLayers, LayerSpec, String>> WRITERS =
      Map.ofEntries(
          entry(AdaptiveAveragePool.class, OnnxPooling::adaptiveAverage),
          entry(AdaptiveMaxPool.class, OnnxPooling::adaptiveMax),
          entry(AveragePool.class, OnnxPooling::average),
          entry(BatchNorm.class, OnnxLayers::batchNorm),
          entry(ChannelShuffle.class, OnnxChannels::shuffle),
          entry(ChannelSlice.class, OnnxChannels::slice),
          entry(Clip.class, (place, spec) -> place.clip(spec.min(), spec.max())),
          entry(Convolution.class, OnnxLayers::convolution),
          // The identity, since a graph only predicts; so are the other random layers.
          entry(Dropout.class, (place, spec) -> place.elementwise("Identity")),
          entry(
              Elu.class, (place, spec) -> place.elementwise("Elu", number("alpha", spec.alpha()))),
          entry(Flatten.class, (place, spec) -> place.flattened("", place.input)),
          entry(FullyConnected.class, OnnxLayers::fullyConnected),
          entry(Gelu.class, OnnxLayers::gelu),
          entry(
              GlobalAveragePool.class,
              (place, spec) -> place.spatial("GlobalAveragePool", List.of(place.maps()))),
          entry(
              GlobalMaxPool.class,
              (place, spec) -> place.spatial("GlobalMaxPool", List.of(place.maps()))),
          entry(GroupNorm.class, OnnxNormalization::groupNorm),
          entry(InstanceNorm.class, OnnxNormalization::instanceNorm),
          entry(L2Pool.class, OnnxPooling::l2),
          entry(LayerNorm.class, OnnxNormalization::layerNorm),
          entry(LayerScale.class, OnnxNormalization::layerScale),
          entry(
              LeakyRelu.class,
              (place, spec) -> place.elementwise("LeakyRelu", number("alpha", spec.slope()))),
          entry(LocalResponseNorm.class, OnnxNormalization::localResponseNorm),
          entry(MaxPool.class, OnnxPooling::max),
          entry(HardSigmoid.class, (place, spec) -> place.elementwise("HardSigmoid", hardSlope())),
          entry(
              HardSwish.class,
              (place, spec) -> place.gatedBy(place.partial("gate", "HardSigmoid", hardSlope()))),
          entry(Mish.class, (place, spec) -> place.mish()),
          entry(Prelu.class, OnnxLayers::prelu),
          entry(Relu.class, (place, spec) -> place.elementwise("Relu")),
          entry(Scale.class, OnnxLayers::scale),
          entry(Relu6.class, (place, spec) -> place.clip(0, 6)),
          entry(Sigmoid.class, (place, spec) -> place.elementwise("Sigmoid")),
          entry(Silu.class, (place, spec) -> place.gated(place.input)),
          entry(SpatialDropout.class, (place, spec) -> place.elementwise("Identity")),
          entry(StochasticDepth.class, (place, spec) -> place.elementwise("Identity")),
          entry(Softmax.class, (place, spec) -> place.elementwise("Softmax", integer("axis", 1))),
          entry(Tanh.class, (place, spec) -> place.elementwise("Tanh")));

  private static final double GELU_SLOPE = 2 * Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBE = 0.044715;

  private static <S extends LayerSpec>
      Map.Entry<Class<?>, BiFunction<OnnxLayers, LayerSpec, String>> entry(
          Class<S> type, BiFunction<OnnxLayers, S, String> writer) {
    return Map.entry(type, (place, spec) -> writer.apply(place, type.cast(spec)));
  }

  /** The classes of the layers that have an entry. */
  static Set<Class<?>> types() {
    return WRITERS.keySet();
  }

  /**
   * Adds the nodes of a layer.
   *
   * @param input the name of what the layer reads
   * @return the name of its result
   */
  static String write(OnnxGraph graph, PlannedLayer layer, String input) {
    return WRITERS
        .get(layer.spec().getClass())
        .apply(new OnnxLayers(graph, layer, input), layer.spec());
  }

  private String convolution(Convolution convolution) {
    ReceptiveField field = convolution.field();
    List<String> inputs = new ArrayList<>(List.of(maps(), layer.name() + ".weight"));
    convolution.biases().ifPresent(start -> inputs.add(layer.name() + ".bias"));
    return spatial(
        "Conv",
        inputs,
        OnnxPooling.both("dilations", field.dilation()),
        integer("group", convolution.groups()),
        integers("kernel_shape", field.height(), field.width()),
        OnnxPooling.pads(field.padding(layer.input())),
        OnnxPooling.both("strides", field.stride()));
  }

  private String fullyConnected(FullyConnected fullyConnected) {
    String vector = layer.input().isFlat() ? input : flattened("flatten", input);
    List<String> inputs = new ArrayList<>(List.of(vector, layer.name() + ".weight"));
    fullyConnected.biases().ifPresent(start -> inputs.add(layer.name() + ".bias"));
    return graph.node("Gemm", layer.name(), inputs, integer("transB", 1));
  }

  private String batchNorm(BatchNorm norm) {
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

  /**
   * The tanh form as {@code x · σ(x · (a + b · x²))}; an operator of its own came with opset 20.
   */
  private String gelu(Gelu gelu) {
    if (gelu.isExact()) {
      return exactGelu();
    }
    String slope = graph.constant(name("slope"), List.of(), (float) GELU_SLOPE);
    String cube = graph.constant(name("cube"), List.of(), (float) (GELU_SLOPE * GELU_CUBE));
    String square = graph.node("Mul", name("square"), List.of(input, input));
    String scaled = graph.node("Mul", name("scaled"), List.of(square, cube));
    String factor = graph.node("Add", name("factor"), List.of(scaled, slope));
    return gated(graph.node("Mul", name("argument"), List.of(input, factor)));
  }

  private String scale(Scale scale) {
    String factor = graph.constant(name("factor"), List.of(), (float) scale.factor());
    String product = graph.node("Mul", name("product"), List.of(input, factor));
    String offset = graph.constant(name("offset"), List.of(), (float) scale.offset());
    return graph.node("Add", layer.name(), List.of(product, offset));
  }

  /** {@code x · (1 + erf(x / √2)) / 2}. */
  private String exactGelu() {
    String root = graph.constant(name("root"), List.of(), (float) Math.sqrt(0.5));
    String one = graph.constant(name("one"), List.of(), 1f);
    String half = graph.constant(name("half"), List.of(), 0.5f);
    String scaled = graph.node("Mul", name("scaled"), List.of(input, root));
    String error = graph.node("Erf", name("error"), List.of(scaled));
    String sum = graph.node("Add", name("sum"), List.of(error, one));
    return gatedBy(graph.node("Mul", name("gate"), List.of(sum, half)));
  }

  /** An operator of its own came with opset 18. */
  private String mish() {
    String softplus = partial("softplus", "Softplus");
    return gatedBy(graph.node("Tanh", name("gate"), List.of(softplus)));
  }

  private String gated(String argument) {
    return gatedBy(graph.node("Sigmoid", name("gate"), List.of(argument)));
  }

  private String gatedBy(String gate) {
    return graph.node("Mul", layer.name(), List.of(input, gate));
  }

  /** Of {@code min(max(x + 3, 0), 6) / 6}. */
  private static AttributeProto[] hardSlope() {
    return new AttributeProto[] {number("alpha", 1 / 6.0), number("beta", 0.5)};
  }

  /** A bound alone is an operator of its own, since few runtimes take an input that is left out. */
  private String clip(double min, double max) {
    List<String> inputs = new ArrayList<>(List.of(input));
    if (Double.isFinite(min)) {
      inputs.add(graph.constant(name("min"), List.of(), (float) min));
    }
    if (Double.isFinite(max)) {
      inputs.add(graph.constant(name("max"), List.of(), (float) max));
    }
    String single = Double.isFinite(min) ? "Max" : "Min";
    return graph.node(inputs.size() == 3 ? "Clip" : single, layer.name(), inputs);
  }

  /** Slopes of channels stand before the rows and columns of maps. */
  private String prelu(Prelu prelu) {
    String slopes = layer.name() + ".weight";
    if (prelu.perChannel() && !layer.input().isFlat()) {
      String axes = graph.axes(name("slopes/axes"), 1, 2);
      slopes = graph.node("Unsqueeze", name("slopes"), List.of(slopes, axes));
    }
    return graph.node("PRelu", layer.name(), List.of(input, slopes));
  }

  /** A node that is not the layer's last one. */
  private String partial(String part, String operator, AttributeProto... attributes) {
    return graph.node(operator, name(part), List.of(input), attributes);
  }

  private String elementwise(String operator, AttributeProto... attributes) {
    return graph.node(operator, layer.name(), List.of(input), attributes);
  }

  /** A node that makes maps, and a vector of them where they have one pixel. */
  String spatial(String operator, List<String> inputs, AttributeProto... attributes) {
    return layer.output().isFlat()
        ? flattened("", graph.node(operator, name("maps"), inputs, attributes))
        : graph.node(operator, layer.name(), inputs, attributes);
  }

  /** The input with rows and columns, also where it is a vector. */
  String maps() {
    return layer.input().isFlat() ? graph.unflattened(name("unflatten"), input) : input;
  }

  private String flattened(String part, String maps) {
    String name = part.isEmpty() ? layer.name() : name(part);
    return graph.node("Flatten", name, List.of(maps), integer("axis", 1));
  }

  String name(String part) {
    return layer.name() + "/" + part;
  }

  /** The shape of what the layer writes, of as many images as there are. */
  long[] shape() {
    Shape shape = layer.output();
    return shape.isFlat()
        ? new long[] {0, shape.channels()}
        : new long[] {0, shape.channels(), shape.height(), shape.width()};
  }
}
