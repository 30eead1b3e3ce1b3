package dev.featuremap.network;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.featuremap.loss.Loss;
import dev.featuremap.spec.Hocon;
import dev.featuremap.spec.Options;
import dev.featuremap.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network as data: its input, its layers and residuals by name, its loss.
 *
 * @param input shape and normalization of the images
 * @param layers from the input to the logits
 * @param loss compares the logits with the labels
 */
public record NetworkSpec(InputSpec input, List<NetworkPart> layers, Loss loss) {

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

  /**
   * Reads {@code input}, {@code layers} and {@code loss}; empty if any of it has a problem. Where
   * {@code classes} is given, the last layer must have as many outputs; layers may name it.
   */
  public static Optional<NetworkSpec> read(Options options) {
    Optional<InputSpec> input = InputSpec.read(options.section("input"));
    Loss loss = options.choice("loss", Loss.SOFTMAX_CROSS_ENTROPY);
    Optional<List<NetworkPart>> layers = PartList.read(options);
    if (input.isEmpty() || layers.isEmpty()) {
      return Optional.empty();
    }
    int classes = options.integer("classes", 0, 2, Integer.MAX_VALUE);
    NetworkSpec network = new NetworkSpec(input.get(), layers.get(), loss);
    try {
      int outputs = NetworkPlan.of(network).classes();
      if (classes != 0 && classes != outputs) {
        options.problem(
            "Cannot use %s: the last layer must have as many outputs, got %s and %s. Give it outputs = ${classes}."
                .formatted(options.path("classes"), classes, outputs));
      }
      return Optional.of(network);
    } catch (IllegalArgumentException e) {
      options.problem(e.getMessage());
      return Optional.empty();
    }
  }
}
