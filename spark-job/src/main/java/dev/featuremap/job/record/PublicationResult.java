package dev.featuremap.job.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a publication came to, flat and small enough to be passed from task to task by a scheduler.
 *
 * @param model the version as {@code --model} takes it, such as {@code s3a://bucket/digits@3}
 * @param version its number
 * @param isNew false when it had been published before
 * @param sha256 hexadecimal digest of the model's file
 * @param source URI of the checkpoint or file
 * @param run URI of the run's directory; null in JSON for a model file
 * @param epochs epochs trained
 * @param set what the accuracy is of: {@code validation} or {@code test}
 * @param accuracy of the run, 0 to 1; NaN where it is not known
 */
public record PublicationResult(
    String model,
    long version,
    boolean isNew,
    String sha256,
    String source,
    Optional<String> run,
    int epochs,
    String set,
    double accuracy) {

  /** As JSON; a number that is not finite is null there. */
  public String toJson() {
    ObjectNode object = Json.object();
    object.put("model", model);
    object.put("version", version);
    object.put("new", isNew);
    object.put("sha256", sha256);
    object.put("source", source);
    object.put("run", run.orElse(null));
    object.put("epochs", epochs);
    object.put(set + "-accuracy", Json.finite(accuracy));
    return Json.pretty(object);
  }
}
