package dev.featuremap.job.commands.publish;

import dev.featuremap.job.models.lookup.ModelLocation;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * What to publish, and where.
 *
 * @param model the trained network
 * @param target directory of the versions of one model
 * @param aliases what shall name the new version besides {@code latest}
 * @param minAccuracy the least test accuracy of the run, 0 to 1
 * @param result file that gets the outcome as JSON
 */
public record PublishRequest(
    ModelLocation model,
    Path target,
    Set<String> aliases,
    OptionalDouble minAccuracy,
    Optional<Path> result) {

  /** Copies the set. */
  public PublishRequest {
    aliases = Set.copyOf(aliases);
  }
}
