package dev.featuremap.job.training.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.storage.StoredObject;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The state of a run at the end of a round: objects that never change, and what the trainer says
 * about them.
 *
 * @param directory the name of the objects' directory below {@code checkpoints}
 * @param epoch the epochs completed
 * @param round the rounds completed
 * @param best true when no earlier checkpoint of the run was better
 * @param objects in the order written
 * @param history parts of the run's history that the state does not repeat, see {@link
 *     HistoryParts}
 * @param state free for the trainer: fingerprints, seed, history; copied in and out
 */
public record Checkpoint(
    String directory,
    int epoch,
    int round,
    boolean best,
    List<StoredObject> objects,
    List<StoredObject> history,
    ObjectNode state) {

  /** A checkpoint whose state has the whole history. */
  public Checkpoint(
      String directory,
      int epoch,
      int round,
      boolean best,
      List<StoredObject> objects,
      ObjectNode state) {
    this(directory, epoch, round, best, objects, List.of(), state);
  }

  /** Refuses a directory that could lead out of the run's own. */
  public Checkpoint {
    StoredObject.requireName(directory);
    objects = List.copyOf(objects);
    history = List.copyOf(history);
    state = state.deepCopy();
  }

  @Override
  public ObjectNode state() {
    return state.deepCopy();
  }

  /**
   * The object of that name.
   *
   * @throws NoSuchElementException if there is none
   */
  public StoredObject object(String name) {
    return objects.stream()
        .filter(object -> object.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "Cannot read %s of checkpoint %s: it has %s."
                        .formatted(
                            name, directory, objects.stream().map(StoredObject::name).toList())));
  }
}
