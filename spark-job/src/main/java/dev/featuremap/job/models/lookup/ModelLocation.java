package dev.featuremap.job.models.lookup;

import dev.featuremap.job.models.registry.ModelReference;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Where a trained model is: exactly one of a run, a checkpoint and a published model.
 *
 * @param run directory of a run
 * @param best whether the best checkpoint of the run is meant, not the newest
 * @param checkpoint a checkpoint's directory or a model file
 * @param published a published model, the newest or a version
 */
public record ModelLocation(
    Optional<Path> run,
    boolean best,
    Optional<Path> checkpoint,
    Optional<ModelReference> published) {

  /** The newest model of a run. */
  public static ModelLocation ofRun(Path run) {
    return new ModelLocation(Optional.of(run), false, Optional.empty(), Optional.empty());
  }

  /** The best model of a run. */
  public static ModelLocation bestOfRun(Path run) {
    return new ModelLocation(Optional.of(run), true, Optional.empty(), Optional.empty());
  }

  /** A checkpoint's directory or a model file. */
  public static ModelLocation at(Path checkpoint) {
    return new ModelLocation(Optional.empty(), false, Optional.of(checkpoint), Optional.empty());
  }

  /** A published model. */
  public static ModelLocation published(ModelReference reference) {
    return new ModelLocation(Optional.empty(), false, Optional.empty(), Optional.of(reference));
  }
}
