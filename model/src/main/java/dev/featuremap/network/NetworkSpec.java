package dev.featuremap.network;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.LayerTypes;
import dev.featuremap.loss.Loss;
import dev.featuremap.loss.Losses;
import dev.featuremap.spec.Hocon;
import dev.featuremap.spec.Options;
import dev.featuremap.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network as data: its input, its layers by name, its loss.
 *
 * @param input shape and normalization of the images
 * @param layers from the input to the logits
 * @param loss compares the logits with the labels
 */
public record NetworkSpec(InputSpec input, List<NamedLayer> layers, Loss loss) {

  /**
   * A layer and its name, which prefixes its parameters: {@code conv1.weight}.
   *
   * @param name a letter, then letters, digits and underscores; unique in the network
   * @param spec what the layer is
   */
  public record NamedLayer(String name, LayerSpec spec) {}

  /** Copies the layers. */
  public NetworkSpec {
    layers = List.copyOf(layers);
  }

  /**
   * Parses the text of a network, which may come from a stranger's file: {@code include} is
   * refused, and <code>${key}</code> sees the text alone.
   *
   * @throws SpecException with every problem found
   */
  public static NetworkSpec parse(String hocon) {
    List<String> problems = new ArrayList<>();
    Optional<NetworkSpec> network = Optional.empty();
    try {
      Config config = Hocon.resolve(Hocon.parse(hocon, "text"));
      Options options = Options.of(config, "network", problems);
      network = read(options);
      options.rejectUnknown();
    } catch (ConfigException e) {
      problems.add("Cannot parse the network: " + e.getMessage());
    }
    if (!problems.isEmpty() || network.isEmpty()) {
      throw new SpecException(problems);
    }
    return network.get();
  }

  /** Reads {@code input}, {@code layers} and {@code loss}; empty if any of it has a problem. */
  public static Optional<NetworkSpec> read(Options options) {
    Optional<InputSpec> input = InputSpec.read(options.section("input"));
    String[] losses = Losses.names().toArray(String[]::new);
    String loss = options.choice("loss", losses[0], losses);
    Optional<List<NamedLayer>> layers = LayerList.read(options);
    if (input.isEmpty() || layers.isEmpty()) {
      return Optional.empty();
    }
    NetworkSpec network = new NetworkSpec(input.get(), layers.get(), Losses.named(loss));
    try {
      NetworkPlan.of(network);
      return Optional.of(network);
    } catch (IllegalArgumentException e) {
      options.problem(e.getMessage());
      return Optional.empty();
    }
  }

  /** Reads the list of layers and names those that have no name. */
  private static final class LayerList {
    private LayerList() {}

    static Optional<List<NamedLayer>> read(Options options) {
      List<Options> sections = options.sections("layers", index -> "layer " + (index + 1));
      if (sections.isEmpty()) {
        options.problem("Cannot build a network: layers must list at least one layer.");
        return Optional.empty();
      }
      List<NamedLayer> layers = new ArrayList<>();
      for (Options section : sections) {
        Optional<String> name = section.optionalText("name").filter(text -> !text.isEmpty());
        Optional<LayerSpec> spec = LayerTypes.read(section);
        spec.ifPresent(
            layer ->
                layers.add(new NamedLayer(name.orElseGet(() -> ordinal(layers, layer)), layer)));
      }
      boolean complete = layers.size() == sections.size();
      return complete && namesAreUsable(options, layers) ? Optional.of(layers) : Optional.empty();
    }

    /** {@code max_pool2} for the second layer of type {@code max-pool}. */
    private static String ordinal(List<NamedLayer> before, LayerSpec layer) {
      long sameType = before.stream().filter(b -> b.spec().type().equals(layer.type())).count();
      return layer.type().replace('-', '_') + (sameType + 1);
    }

    private static boolean namesAreUsable(Options options, List<NamedLayer> layers) {
      boolean usable = true;
      List<String> seen = new ArrayList<>();
      for (NamedLayer layer : layers) {
        if (!layer.name().matches("[A-Za-z][A-Za-z0-9_]*")) {
          options.problem(
              "Cannot name a layer %s: expected a letter, then letters, digits or underscores."
                  .formatted(layer.name()));
          usable = false;
        }
        if (seen.contains(layer.name())) {
          options.problem("Cannot name two layers %s: names must differ.".formatted(layer.name()));
          usable = false;
        }
        seen.add(layer.name());
      }
      return usable;
    }
  }
}
