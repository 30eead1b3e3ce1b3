package dev.featuremap.job.models.pytorch;

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
import dev.featuremap.layer.window.Padding;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * How PyTorch has each type of layer: an entry for each.
 *
 * <p>Activations are {@code [batch, channels, height, width]}, and {@code [batch, channels]} where
 * height and width are 1: a shape alone says which.
 */
record PytorchLayers(PlannedLayer layer, String input) {
  private static final Map<Class<?>, BiFunction<PytorchLayers, LayerSpec, PytorchLayer>> WRITERS =
      Map.ofEntries(
          entry(
              AdaptiveAveragePool.class,
              (place, spec) -> place.adaptive("F.adaptive_avg_pool2d", spec.output())),
          entry(
              AdaptiveMaxPool.class,
              (place, spec) -> place.adaptive("F.adaptive_max_pool2d", spec.output())),
          entry(
              AveragePool.class,
              (place, spec) ->
                  place.pool(PytorchPooling.average(spec, place.maps(), place.from()))),
          entry(BatchNorm.class, PytorchLayers::batchNorm),
          entry(
              ChannelShuffle.class,
              (place, spec) ->
                  PytorchLayer.function(
                      place.flat(
                          "F.channel_shuffle(%s, %s)".formatted(place.maps(), spec.groups())))),
          entry(
              ChannelSlice.class,
              (place, spec) ->
                  place.function(
                      "%%s[:, %s:%s]".formatted(spec.from(), spec.end(place.layer.input())))),
          entry(Clip.class, PytorchLayers::clip),
          entry(Convolution.class, PytorchLayers::convolution),
          entry(
              Dropout.class,
              (place, spec) ->
                  place.function("F.dropout(%s, " + spec.rate() + ", training=self.training)")),
          entry(Elu.class, (place, spec) -> place.function("F.elu(%s, " + spec.alpha() + ")")),
          entry(Flatten.class, (place, spec) -> place.function("%s.flatten(1)")),
          entry(FullyConnected.class, PytorchLayers::fullyConnected),
          entry(
              Gelu.class,
              (place, spec) ->
                  place.function("F.gelu(%s" + (spec.isExact() ? ")" : ", approximate=\"tanh\")"))),
          entry(
              GlobalAveragePool.class,
              (place, spec) -> PytorchLayer.function(place.maps() + ".mean((2, 3))")),
          entry(GroupNorm.class, PytorchNormalization::groupNorm),
          entry(InstanceNorm.class, PytorchNormalization::instanceNorm),
          entry(
              GlobalMaxPool.class,
              (place, spec) -> PytorchLayer.function(place.maps() + ".amax((2, 3))")),
          entry(HardSigmoid.class, (place, spec) -> place.function("F.hardsigmoid(%s)")),
          entry(HardSwish.class, (place, spec) -> place.function("F.hardswish(%s)")),
          entry(
              L2Pool.class,
              (place, spec) -> place.pool(PytorchPooling.l2(spec, place.maps(), place.from()))),
          entry(LayerNorm.class, PytorchNormalization::layerNorm),
          entry(LayerScale.class, PytorchNormalization::layerScale),
          entry(
              LeakyRelu.class,
              (place, spec) -> place.function("F.leaky_relu(%s, " + spec.slope() + ")")),
          entry(LocalResponseNorm.class, PytorchNormalization::localResponseNorm),
          entry(
              MaxPool.class,
              (place, spec) -> place.pool(PytorchPooling.max(spec, place.maps(), place.from()))),
          entry(Mish.class, (place, spec) -> place.function("F.mish(%s)")),
          entry(Prelu.class, PytorchLayers::prelu),
          entry(Relu.class, (place, spec) -> place.function("F.relu(%s)")),
          entry(
              Scale.class,
              (place, spec) -> place.function("%s * " + spec.factor() + " + " + spec.offset())),
          entry(Relu6.class, (place, spec) -> place.function("F.relu6(%s)")),
          entry(Sigmoid.class, (place, spec) -> place.function("torch.sigmoid(%s)")),
          entry(Silu.class, (place, spec) -> place.function("F.silu(%s)")),
          entry(SpatialDropout.class, PytorchLayers::spatialDropout),
          entry(StochasticDepth.class, PytorchLayers::stochasticDepth),
          entry(Softmax.class, (place, spec) -> place.function("F.softmax(%s, 1)")),
          entry(Tanh.class, (place, spec) -> place.function("torch.tanh(%s)")));

  private static <S extends LayerSpec>
      Map.Entry<Class<?>, BiFunction<PytorchLayers, LayerSpec, PytorchLayer>> entry(
          Class<S> type, BiFunction<PytorchLayers, S, PytorchLayer> writer) {
    return Map.entry(type, (place, spec) -> writer.apply(place, type.cast(spec)));
  }

  /** The classes of the layers that have an entry. */
  static Set<Class<?>> types() {
    return WRITERS.keySet();
  }

  /**
   * A layer in Python.
   *
   * @param input the expression of what the layer reads
   */
  static PytorchLayer of(PlannedLayer layer, String input) {
    return WRITERS
        .get(layer.spec().getClass())
        .apply(new PytorchLayers(layer, input), layer.spec());
  }

  private PytorchLayer convolution(Convolution convolution) {
    ReceptiveField field = convolution.field();
    Padding padding = field.padding(from());
    StringBuilder options = new StringBuilder();
    append(options, "stride", field.stride(), 1);
    if (padding.isSymmetric()) {
      append(options, "padding", new Extent(padding.top(), padding.left()), 0);
    }
    append(options, "dilation", field.dilation(), 1);
    append(options, "groups", Extent.square(convolution.groups()), 1);
    options.append(convolution.biases().isPresent() ? "" : ", bias=False");
    String module =
        "nn.Conv2d(%s, %s, %s%s)"
            .formatted(
                layer.input().channels(),
                convolution.featureMaps(),
                PytorchPooling.pair(field.window().size()),
                options);
    String maps = padding.isSymmetric() ? maps() : PytorchPooling.padded(maps(), padding, "");
    return PytorchLayer.module(module, flat(call(maps)));
  }

  private PytorchLayer fullyConnected(FullyConnected fullyConnected) {
    String module =
        "nn.Linear(%s, %s%s)"
            .formatted(
                layer.input().size(),
                fullyConnected.outputs(),
                fullyConnected.biases().isPresent() ? "" : ", bias=False");
    String vector = layer.input().isFlat() ? input : input + ".flatten(1)";
    return PytorchLayer.module(module, call(vector));
  }

  private PytorchLayer batchNorm(BatchNorm norm) {
    String module =
        "nn.BatchNorm%sd(%s, eps=%s, momentum=%s)"
            .formatted(
                layer.input().isFlat() ? 1 : 2,
                layer.input().channels(),
                norm.epsilon(),
                norm.momentum());
    return PytorchLayer.module(module, call(input));
  }

  private PytorchLayer spatialDropout(SpatialDropout dropout) {
    String call = layer.input().isFlat() ? "F.dropout" : "F.dropout2d";
    return function(call + "(%s, " + dropout.rate() + ", training=self.training)");
  }

  /** One number for each image, which is 1 after training. */
  private PytorchLayer stochasticDepth(StochasticDepth depth) {
    String first = layer.input().isFlat() ? "[:, :1]" : "[:, :1, :1, :1]";
    return PytorchLayer.function(
        "%s * F.dropout(torch.ones_like(%s%s), %s, training=self.training)"
            .formatted(input, input, first, depth.rate()));
  }

  private PytorchLayer clip(Clip clip) {
    return function("F.hardtanh(%s, " + bound(clip.min()) + ", " + bound(clip.max()) + ")");
  }

  private static String bound(double value) {
    return Double.isFinite(value)
        ? Double.toString(value)
        : "float(\"%sinf\")".formatted(value < 0 ? "-" : "");
  }

  private PytorchLayer prelu(Prelu prelu) {
    int slopes = prelu.perChannel() ? layer.input().channels() : 1;
    String module = "nn.PReLU(%s, init=%s)".formatted(slopes, prelu.slope());
    return PytorchLayer.module(module, call(input));
  }

  /** A function of the input, which takes the place of {@code %s}. */
  private PytorchLayer function(String call) {
    return PytorchLayer.function(call.formatted(input));
  }

  private PytorchLayer pool(String call) {
    return PytorchLayer.function(flat(call));
  }

  private PytorchLayer adaptive(String function, Extent output) {
    return pool("%s(%s, %s)".formatted(function, maps(), PytorchPooling.pair(output)));
  }

  private Shape from() {
    return layer.input();
  }

  String call(String argument) {
    return "%s(%s)".formatted(ModuleTree.reference(layer.name()), argument);
  }

  /** The input with rows and columns, also where it is a vector. */
  String maps() {
    return layer.input().isFlat() ? input + "[:, :, None, None]" : input;
  }

  /** Maps as they are, and as a vector where they have one pixel. */
  String flat(String maps) {
    return layer.output().isFlat() ? maps + ".flatten(1)" : maps;
  }

  private static void append(StringBuilder options, String name, Extent value, int usual) {
    if (!value.equals(Extent.square(usual))) {
      options.append(", ").append(name).append('=').append(PytorchPooling.pair(value));
    }
  }
}
