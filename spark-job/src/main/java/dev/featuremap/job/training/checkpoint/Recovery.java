package dev.featuremap.job.training.checkpoint;

import java.util.List;

/**
 * The newest checkpoint whose manifest and objects are all intact.
 *
 * @param manifest the manifest that named it
 * @param checkpoint the state to resume from
 * @param skipped newer manifests that could not be used, the newest first; normally none
 */
public record Recovery(Manifest manifest, Checkpoint checkpoint, List<SkippedManifest> skipped) {
  /** Copies the list. */
  public Recovery {
    skipped = List.copyOf(skipped);
  }
}
