package dev.featuremap.job.training.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.storage.ContentWriter;
import dev.featuremap.job.storage.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint to be published.
 *
 * @param epoch the epochs completed
 * @param round the rounds completed
 * @param best true when no earlier checkpoint of the run was better
 * @param history parts of the run's history that the state does not repeat
 * @param state free for the trainer; whatever a resumed run needs besides the objects
 * @param objects what writes each object, by its name of letters, digits, dots, hyphens and
 *     underscores
 */
public record CheckpointDraft(
    int epoch,
    int round,
    boolean best,
    List<StoredObject> history,
    ObjectNode state,
    Map<String, ContentWriter> objects) {

  /** A checkpoint whose state has the whole history. */
  public CheckpointDraft(
      int epoch, int round, boolean best, ObjectNode state, Map<String, ContentWriter> objects) {
    this(epoch, round, best, List.of(), state, objects);
  }

  /** Refuses names that no store takes, and a checkpoint of nothing. */
  public CheckpointDraft {
    objects = new LinkedHashMap<>(objects);
    objects.keySet().forEach(StoredObject::requireName);
    if (objects.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot publish checkpoint %s-%s: it must have an object, got none."
              .formatted(epoch, round));
    }
  }
}
