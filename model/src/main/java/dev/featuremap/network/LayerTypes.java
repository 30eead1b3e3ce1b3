package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.layer.dense.Flatten;
import dev.featuremap.layer.dense.FullyConnected;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.layer.elementwise.Gelu;
import dev.featuremap.layer.elementwise.LeakyRelu;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.elementwise.Sigmoid;
import dev.featuremap.layer.elementwise.Silu;
import dev.featuremap.layer.elementwise.Tanh;
import dev.featuremap.layer.normalization.BatchNorm;
import dev.featuremap.layer.pooling.AveragePool;
import dev.featuremap.layer.pooling.GlobalAveragePool;
import dev.featuremap.layer.pooling.L2Pool;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.spec.Nearest;
import dev.featuremap.spec.Options;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

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
  public record LayerType<S extends LayerSpec>(
      String name, Class<S> spec, Function<Options, S> reader) {}

  private static final NavigableMap<String, LayerType<?>> TYPES =
      mapOf(
          type(AveragePool.TYPE, AveragePool.class, AveragePool::read),
          type(BatchNorm.TYPE, BatchNorm.class, BatchNorm::read),
          type(Convolution.TYPE, Convolution.class, Convolution::read),
          type(Dropout.TYPE, Dropout.class, Dropout::read),
          type(Flatten.TYPE, Flatten.class, options -> new Flatten()),
          type(FullyConnected.TYPE, FullyConnected.class, FullyConnected::read),
          type(Gelu.TYPE, Gelu.class, options -> new Gelu()),
          type(GlobalAveragePool.TYPE, GlobalAveragePool.class, o -> new GlobalAveragePool()),
          type(L2Pool.TYPE, L2Pool.class, L2Pool::read),
          type(LeakyRelu.TYPE, LeakyRelu.class, LeakyRelu::read),
          type(MaxPool.TYPE, MaxPool.class, MaxPool::read),
          type(Relu.TYPE, Relu.class, options -> new Relu()),
          type(Sigmoid.TYPE, Sigmoid.class, options -> new Sigmoid()),
          type(Silu.TYPE, Silu.class, options -> new Silu()),
          type(Tanh.TYPE, Tanh.class, options -> new Tanh()));

  private LayerTypes() {}

  private static <S extends LayerSpec> LayerType<S> type(
      String name, Class<S> spec, Function<Options, S> reader) {
    return new LayerType<>(name, spec, reader);
  }

  private static NavigableMap<String, LayerType<?>> mapOf(LayerType<?>... types) {
    NavigableMap<String, LayerType<?>> map = new TreeMap<>();
    for (LayerType<?> type : types) {
      map.put(type.name(), type);
    }
    return map;
  }

  /** All types, in the order of their names. */
  public static Collection<LayerType<?>> all() {
    return Collections.unmodifiableCollection(TYPES.values());
  }

  /** The names of all layer types, sorted. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(TYPES.keySet());
  }

  /**
   * Reads one layer's section: its {@code type}, the options of that type, and a {@code name} that
   * is left to the caller.
   *
   * <p>What is wrong becomes a problem of {@code options}, unknown keys included; a bad option
   * falls back to a valid value, and only a missing or unknown type gives no layer.
   */
  public static Optional<LayerSpec> read(Options options) {
    return read(options, List.of());
  }

  /** The same where {@code others} may stand besides layers, which a hint then names too. */
  public static Optional<LayerSpec> read(Options options, Collection<String> others) {
    Set<String> known = new TreeSet<>(names());
    known.addAll(others);
    options.has("name");
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
