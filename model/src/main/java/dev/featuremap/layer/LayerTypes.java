package dev.featuremap.layer;

import dev.featuremap.spec.Nearest;
import dev.featuremap.spec.Options;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The layers that a network file can name. */
public final class LayerTypes {
  private static final NavigableMap<String, Function<Options, LayerSpec>> READERS =
      new TreeMap<>(
          Map.ofEntries(
              entry(AveragePool.TYPE, AveragePool::read),
              entry(BatchNorm.TYPE, BatchNorm::read),
              entry(Convolution.TYPE, Convolution::read),
              entry(Dropout.TYPE, Dropout::read),
              entry(Flatten.TYPE, options -> new Flatten()),
              entry(FullyConnected.TYPE, FullyConnected::read),
              entry(Gelu.TYPE, options -> new Gelu()),
              entry(GlobalAveragePool.TYPE, options -> new GlobalAveragePool()),
              entry(L2Pool.TYPE, L2Pool::read),
              entry(LeakyRelu.TYPE, LeakyRelu::read),
              entry(MaxPool.TYPE, MaxPool::read),
              entry(Relu.TYPE, options -> new Relu()),
              entry(Sigmoid.TYPE, options -> new Sigmoid()),
              entry(Silu.TYPE, options -> new Silu()),
              entry(Tanh.TYPE, options -> new Tanh())));

  private LayerTypes() {}

  private static Entry<String, Function<Options, LayerSpec>> entry(
      String type, Function<Options, LayerSpec> reader) {
    return Map.entry(type, reader);
  }

  /** The names of all layer types, sorted. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(READERS.keySet());
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
        Optional.ofNullable(READERS.get(type)).map(reader -> reader.apply(options));
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
