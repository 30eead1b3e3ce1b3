package dev.featuremap.job.models.importing;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What a graph does not say itself.
 *
 * @param shape of the images, where the graph leaves it open
 * @param means to subtract from pixels of 0 to 1, one for all channels or one each
 * @param deviations to divide them by then
 * @param bgr whether the graph takes blue before green and red
 * @param output the name of the result to keep; empty for that of the graph
 */
public record ImportRule(
    Optional<Shape> shape,
    List<Double> means,
    List<Double> deviations,
    boolean bgr,
    Optional<String> output) {

  /** Copies the lists. */
  public ImportRule {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
  }
}
