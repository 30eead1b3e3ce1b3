package dev.featuremap.layer;

import dev.featuremap.spec.Nearest;
import dev.featuremap.spec.Options;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The layers that a network file can name. */
public final class LayerTypes {
  private static final NavigableMap<String, Function<Options, LayerSpec>> READERS =
      new TreeMap<>(
          Map.of(
              AveragePool.TYPE, AveragePool::read,
              Convolution.TYPE, Convolution::read,
              Dropout.TYPE, Dropout::read,
              Flatten.TYPE, options -> new Flatten(),
              FullyConnected.TYPE, FullyConnected::read,
              L2Pool.TYPE, L2Pool::read,
              MaxPool.TYPE, MaxPool::read,
              Relu.TYPE, options -> new Relu(),
              Sigmoid.TYPE, options -> new Sigmoid(),
              Tanh.TYPE, options -> new Tanh()));

  private LayerTypes() {}

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
    options.has("name");
    if (!options.has("type")) {
      options.problem(
          "Cannot read %s: its type is required. %s".formatted(options.where(), known()));
      return Optional.empty();
    }
    String type = options.text("type", "");
    Optional<LayerSpec> layer =
        Optional.ofNullable(READERS.get(type)).map(reader -> reader.apply(options));
    if (layer.isPresent()) {
      options.rejectUnknown();
    } else if (!type.isEmpty()) {
      options.problem(unknown(options.where(), type));
    }
    return layer;
  }

  private static String unknown(String where, String type) {
    String hint = Nearest.to(type, names()).map("Did you mean %s?"::formatted).orElse(known());
    return "Cannot read %s: unknown layer type %s. %s".formatted(where, type, hint);
  }

  private static String known() {
    return "Known types: " + String.join(", ", names()) + ".";
  }
}
