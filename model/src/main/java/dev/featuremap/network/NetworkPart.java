package dev.featuremap.network;

import dev.featuremap.layer.LayerSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** An element of a network's list of layers: a layer, or what joins several activations. */
public sealed interface NetworkPart {

  /** The name, which prefixes those of the parameters: {@code conv1.weight}; unique in its list. */
  String name();

  /** The same part with every layer replaced by what {@code change} makes of it. */
  NetworkPart with(UnaryOperator<LayerSpec> change);

  /** The same part with the names of what it reads changed, except those of its own parts. */
  NetworkPart reading(UnaryOperator<String> change);

  /**
   * A layer.
   *
   * @param spec what the layer is
   * @param input the name of what it reads; empty for what stands before it
   */
  record Layer(String name, LayerSpec spec, Optional<String> input) implements NetworkPart {
    @Override
    public NetworkPart with(UnaryOperator<LayerSpec> change) {
      return new Layer(name, change.apply(spec), input);
    }

    @Override
    public NetworkPart reading(UnaryOperator<String> change) {
      return new Layer(name, spec, input.map(change));
    }
  }

  /**
   * Branches from the same input whose outputs are joined. A residual adds its layers and its
   * shortcut (He, Zhang, Ren and Sun 2015, "Deep residual learning for image recognition").
   *
   * @param join how
   * @param branches layers of each; a branch without layers is the input as it is
   * @param input the name of what they read; empty for what stands before them
   */
  record Branches(String name, Join join, List<List<NetworkPart>> branches, Optional<String> input)
      implements NetworkPart {

    /** Copies the lists. */
    public Branches {
      branches = branches.stream().map(List::copyOf).toList();
    }

    @Override
    public NetworkPart with(UnaryOperator<LayerSpec> change) {
      return changed(part -> part.with(change), input);
    }

    @Override
    public NetworkPart reading(UnaryOperator<String> change) {
      Set<String> own =
          branches.stream()
              .flatMap(List::stream)
              .map(NetworkPart::name)
              .collect(Collectors.toSet());
      return changed(
          part -> part.reading(read -> own.contains(read) ? read : change.apply(read)),
          input.map(change));
    }

    private NetworkPart changed(UnaryOperator<NetworkPart> change, Optional<String> read) {
      return new Branches(
          name, join, branches.stream().map(b -> b.stream().map(change).toList()).toList(), read);
    }
  }

  /**
   * A join of activations by name.
   *
   * @param inputs names of what stands above
   */
  record Named(String name, Join join, List<String> inputs) implements NetworkPart {

    /** Copies the list. */
    public Named {
      inputs = List.copyOf(inputs);
    }

    @Override
    public NetworkPart with(UnaryOperator<LayerSpec> change) {
      return this;
    }

    @Override
    public NetworkPart reading(UnaryOperator<String> change) {
      return new Named(name, join, inputs.stream().map(change).toList());
    }
  }
}
