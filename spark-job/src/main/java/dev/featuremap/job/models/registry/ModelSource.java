package dev.featuremap.job.models.registry;

import java.util.Optional;

/**
 * Where a published model comes from. The files need not exist any more.
 *
 * @param location URI of the checkpoint or file; two publications of one location with equal bytes
 *     are one
 * @param run URI of the run's directory; empty for a model file
 * @param epochs epochs trained; 0 where that is not known
 * @param set {@code validation} if epochs of the run are compared by validation images, {@code
 *     test} if not
 * @param accuracy share of the images of that set classified correctly, 0 to 1; NaN where that is
 *     not known
 */
public record ModelSource(
    String location, Optional<String> run, int epochs, String set, double accuracy) {

  /** A model of which nothing is known but its bytes. */
  public static ModelSource file(String location) {
    return new ModelSource(location, Optional.empty(), 0, "test", Double.NaN);
  }
}
