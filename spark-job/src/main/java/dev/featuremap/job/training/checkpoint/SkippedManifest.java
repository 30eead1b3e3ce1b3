package dev.featuremap.job.training.checkpoint;

/**
 * A manifest that was passed over on the way to a usable checkpoint.
 *
 * @param file relative to the run directory
 * @param reason why it cannot be used; names the object when one is damaged
 */
public record SkippedManifest(String file, String reason) {
  @Override
  public String toString() {
    return file + ": " + reason;
  }
}
