package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.channel.ChannelShuffle;
import dev.featuremap.layer.channel.ChannelSlice;
import dev.featuremap.layer.convolution.Convolution;
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
import dev.featuremap.spec.Nearest;
import dev.featuremap.spec.Options;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The layers that a network file can name; a new one is one line here. Docs, exporters and tests
 * read this list.
 */
public final class LayerTypes {
  /**
   * A type of layer.
   *
   * @param name as network files have it
   * @param spec its class
   * @param reader makes one of its options
   */
  public record LayerType(
      String name,
      Class<? extends LayerSpec> spec,
      Function<Options, ? extends LayerSpec> reader) {}

  private static final NavigableMap<String, LayerType> TYPES =
      new TreeMap<>(
          Stream.of(
                  new LayerType(
                      AdaptiveAveragePool.TYPE,
                      AdaptiveAveragePool.class,
                      AdaptiveAveragePool::read),
                  new LayerType(AdaptiveMaxPool.TYPE, AdaptiveMaxPool.class, AdaptiveMaxPool::read),
                  new LayerType(AveragePool.TYPE, AveragePool.class, AveragePool::read),
                  new LayerType(BatchNorm.TYPE, BatchNorm.class, BatchNorm::read),
                  new LayerType(ChannelShuffle.TYPE, ChannelShuffle.class, ChannelShuffle::read),
                  new LayerType(ChannelSlice.TYPE, ChannelSlice.class, ChannelSlice::read),
                  new LayerType(Clip.TYPE, Clip.class, Clip::read),
                  new LayerType(Convolution.TYPE, Convolution.class, Convolution::read),
                  new LayerType(Dropout.TYPE, Dropout.class, Dropout::read),
                  new LayerType(Elu.TYPE, Elu.class, Elu::read),
                  new LayerType(Flatten.TYPE, Flatten.class, options -> new Flatten()),
                  new LayerType(FullyConnected.TYPE, FullyConnected.class, FullyConnected::read),
                  new LayerType(Gelu.TYPE, Gelu.class, Gelu::read),
                  new LayerType(
                      GlobalAveragePool.TYPE,
                      GlobalAveragePool.class,
                      o -> new GlobalAveragePool()),
                  new LayerType(
                      GlobalMaxPool.TYPE, GlobalMaxPool.class, options -> new GlobalMaxPool()),
                  new LayerType(GroupNorm.TYPE, GroupNorm.class, GroupNorm::read),
                  new LayerType(InstanceNorm.TYPE, InstanceNorm.class, InstanceNorm::read),
                  new LayerType(HardSigmoid.TYPE, HardSigmoid.class, options -> new HardSigmoid()),
                  new LayerType(HardSwish.TYPE, HardSwish.class, options -> new HardSwish()),
                  new LayerType(L2Pool.TYPE, L2Pool.class, L2Pool::read),
                  new LayerType(LayerNorm.TYPE, LayerNorm.class, LayerNorm::read),
                  new LayerType(LayerScale.TYPE, LayerScale.class, LayerScale::read),
                  new LayerType(LeakyRelu.TYPE, LeakyRelu.class, LeakyRelu::read),
                  new LayerType(
                      LocalResponseNorm.TYPE, LocalResponseNorm.class, LocalResponseNorm::read),
                  new LayerType(MaxPool.TYPE, MaxPool.class, MaxPool::read),
                  new LayerType(Mish.TYPE, Mish.class, options -> new Mish()),
                  new LayerType(Prelu.TYPE, Prelu.class, Prelu::read),
                  new LayerType(Relu.TYPE, Relu.class, options -> new Relu()),
                  new LayerType(Scale.TYPE, Scale.class, Scale::read),
                  new LayerType(Relu6.TYPE, Relu6.class, options -> new Relu6()),
                  new LayerType(Sigmoid.TYPE, Sigmoid.class, options -> new Sigmoid()),
                  new LayerType(Silu.TYPE, Silu.class, options -> new Silu()),
                  new LayerType(SpatialDropout.TYPE, SpatialDropout.class, SpatialDropout::read),
                  new LayerType(StochasticDepth.TYPE, StochasticDepth.class, StochasticDepth::read),
                  new LayerType(Softmax.TYPE, Softmax.class, options -> new Softmax()),
                  new LayerType(Tanh.TYPE, Tanh.class, options -> new Tanh()))
              .collect(Collectors.toMap(LayerType::name, Function.identity())));

  private LayerTypes() {}

  /** All types, in the order of their names. */
  public static Collection<LayerType> all() {
    return Collections.unmodifiableCollection(TYPES.values());
  }

  /** The type of a layer as written in a network file, for example {@code convolution}. */
  public static String nameOf(LayerSpec layer) {
    return TYPES.values().stream()
        .filter(type -> type.spec().equals(layer.getClass()))
        .map(LayerType::name)
        .findFirst()
        .orElseThrow();
  }

  /** The names of all layer types, sorted. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(TYPES.keySet());
  }

  /**
   * Reads one layer's section: its {@code type}, the options of that type, and a {@code name} and
   * an {@code input} that are left to the caller.
   *
   * <p>What is wrong becomes a problem of {@code options}, unknown keys included; a bad option
   * falls back to a valid value, and only a missing or unknown type gives no layer.
   *
   * @param others what may stand besides layers, which a hint then names too
   */
  public static Optional<LayerSpec> read(Options options, Collection<String> others) {
    Set<String> known = new TreeSet<>(names());
    known.addAll(others);
    options.has("name");
    options.has("input");
    if (!options.has("type")) {
      options.problem(
          "Cannot read %s: its type is required. %s".formatted(options.where(), list(known)));
      return Optional.empty();
    }
    String type = options.text("type", "");
    Optional<LayerSpec> layer =
        Optional.ofNullable(TYPES.get(type)).map(found -> found.reader().apply(options));
    if (layer.isPresent()) {
      options.rejectUnknown();
    } else if (!type.isEmpty()) {
      String hint = Nearest.to(type, known).map("Did you mean %s?"::formatted).orElse(list(known));
      options.problem(
          "Cannot read %s: unknown layer type %s. %s".formatted(options.where(), type, hint));
    }
    return layer;
  }

  private static String list(Set<String> known) {
    return "Known types: " + String.join(", ", known) + ".";
  }
}
