package dev.featuremap.job.models.lookup;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.models.registry.ModelSource;
import dev.featuremap.job.training.checkpoint.SkippedManifest;
import java.util.List;

/**
 * A trained model and where it was found.
 *
 * @param model the model
 * @param source the checkpoint, file or published version
 * @param skipped what would have been taken before it, were it not damaged
 */
public record FoundModel(ModelFile model, ModelSource source, List<SkippedManifest> skipped) {
  /** Copies the list. */
  public FoundModel {
    skipped = List.copyOf(skipped);
  }

  /** URI of the checkpoint or file, or the published version as {@code --model} takes it. */
  public String location() {
    return source.location();
  }
}
