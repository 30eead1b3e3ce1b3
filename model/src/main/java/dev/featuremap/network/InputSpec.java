package dev.featuremap.network;

import dev.featuremap.data.Normalization;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a network takes in: images of one shape, normalized as {@code (p / 255 - mean) / deviation}.
 *
 * @param shape {@code [channels, height, width]}
 * @param means one a channel, of pixels scaled to 0…1
 * @param deviations one a channel, above 0
 */
public record InputSpec(Shape shape, List<Double> means, List<Double> deviations) {

  /** Copies the lists. */
  public InputSpec {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
  }

  /** The table-driven normalization of these channels. */
  public Normalization normalization() {
    return new Normalization(means, deviations);
  }

  /** Reads {@code shape}, {@code mean} and {@code deviation}; empty when the shape is unusable. */
  static Optional<InputSpec> read(Options options) {
    List<Double> axes = options.numbers("shape", List.of());
    List<Double> means = options.numbers("mean", List.of(0.0));
    List<Double> deviations = options.numbers("deviation", List.of(1.0));
    Optional<Shape> shape = shape(options, axes);
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    int channels = shape.get().channels();
    if (deviations.stream().anyMatch(deviation -> deviation <= 0)) {
      options.problem(
          "Cannot normalize the input: deviation must be above 0, got %s.".formatted(deviations));
      return Optional.empty();
    }
    return Optional.of(
        new InputSpec(
            shape.get(),
            perChannel(options, "mean", means, channels),
            perChannel(options, "deviation", deviations, channels)));
  }

  private static Optional<Shape> shape(Options options, List<Double> axes) {
    if (axes.size() != 3 || axes.stream().anyMatch(axis -> axis < 1 || axis != Math.rint(axis))) {
      options.problem(
          "Cannot read %s.shape: expected [channels, height, width], got %s."
              .formatted(options.where(), axes));
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Shape(axes.get(0).intValue(), axes.get(1).intValue(), axes.get(2).intValue()));
    } catch (IllegalArgumentException e) {
      options.problem(e.getMessage());
      return Optional.empty();
    }
  }

  private static List<Double> perChannel(
      Options options, String key, List<Double> values, int channels) {
    if (values.size() == 1) {
      return Collections.nCopies(channels, values.get(0));
    }
    if (values.size() != channels) {
      options.problem(
          "Cannot normalize the input: %s must have 1 or %s values, got %s."
              .formatted(key, channels, values.size()));
      return Collections.nCopies(channels, 1.0);
    }
    return values;
  }
}
