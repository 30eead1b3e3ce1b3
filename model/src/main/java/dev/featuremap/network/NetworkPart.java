package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import java.util.List;
import java.util.function.UnaryOperator;

/** An element of a network's list of layers: a layer, or layers with a shortcut around them. */
public sealed interface NetworkPart {

  /** The name, which prefixes those of the parameters: {@code conv1.weight}; unique in its list. */
  String name();

  /** The same part with every layer replaced by what {@code change} makes of it. */
  NetworkPart with(UnaryOperator<LayerSpec> change);

  /**
   * A layer.
   *
   * @param spec what the layer is
   */
  record Layer(String name, LayerSpec spec) implements NetworkPart {
    @Override
    public NetworkPart with(UnaryOperator<LayerSpec> change) {
      return new Layer(name, change.apply(spec));
    }
  }

  /**
   * Layers whose output is added to that of a shortcut from the same input (He, Zhang, Ren and Sun
   * 2015, "Deep residual learning for image recognition").
   *
   * @param layers at least one
   * @param shortcut layers of the shortcut; none for the input as it is
   */
  record Residual(String name, List<NetworkPart> layers, List<NetworkPart> shortcut)
      implements NetworkPart {
    static final String TYPE = "residual";

    /** Copies the lists and rejects a residual without layers. */
    public Residual {
      layers = List.copyOf(layers);
      shortcut = List.copyOf(shortcut);
      if (layers.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot make the residual %s: expected at least one layer, got none.".formatted(name));
      }
    }

    @Override
    public NetworkPart with(UnaryOperator<LayerSpec> change) {
      return new Residual(
          name,
          layers.stream().map(part -> part.with(change)).toList(),
          shortcut.stream().map(part -> part.with(change)).toList());
    }
  }
}
