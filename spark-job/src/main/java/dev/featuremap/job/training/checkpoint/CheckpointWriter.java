package dev.featuremap.job.training.checkpoint;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.ContentWriter;
import dev.featuremap.job.storage.DigestedObjects;
import dev.featuremap.job.storage.NumberedLog;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StoredObject;
import dev.featuremap.job.storage.TornObjectException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Publishes the checkpoints of a run that it has taken over, until another writer takes it over.
 *
 * <p>For use by one thread. After exit code 75 it never publishes again; after exit code 74 it may.
 */
public final class CheckpointWriter {
  /** Manifests that a store may tear before this writer believes that it will tear all. */
  private static final int MOST_TORN = 3;

  private final Storage storage;
  private final RunDirectory run;
  private final Manifests manifests;
  private final Retention retention;
  private final Optional<Recovery> recovery;

  /** Parts of the history that need not be read back once more. */
  private final Set<StoredObject> intact = new HashSet<>();

  private final long fence;
  private final String nonce;

  /** The highest number that is known to be this writer's. */
  private long last;

  /** The highest of them whose manifest is whole: nobody but another writer deletes it. */
  private long proof;

  CheckpointWriter(
      Storage storage,
      RunDirectory run,
      Retention retention,
      Manifest takeOver,
      Optional<Recovery> recovery) {
    this.storage = storage;
    this.run = run;
    this.manifests = new Manifests(storage, run);
    this.retention = retention;
    this.recovery = recovery;
    recovery.ifPresent(from -> intact.addAll(from.checkpoint().history()));
    this.fence = takeOver.fence();
    this.nonce = takeOver.nonce();
    this.last = takeOver.number();
    this.proof = takeOver.number();
  }

  /** What the run resumes from; nothing when it starts. */
  public Optional<Recovery> recovery() {
    return recovery;
  }

  /** The number of the manifest by which this writer took the run over. */
  public long fence() {
    return fence;
  }

  /**
   * Publishes a checkpoint, and then deletes those that retention does not keep.
   *
   * @return the checkpoint as readers find it: read back from the store
   * @throws JobException with exit code 75 when another writer has taken the run over; 73 when the
   *     store refuses to write; 74 when it kept failing, and then the checkpoint may or may not
   *     have been published, or when somebody has deleted this writer's manifests
   */
  public Checkpoint publish(CheckpointDraft draft) {
    requireHeld();
    createManifest(writeObjectsWhileHeld(draft));
    Checkpoint published = readBack(last);
    List<Long> numbers = numbersWhileHeld();
    new RetentionSweep(storage, run, manifests).delete(numbers, retention);
    return published;
  }

  /**
   * Does nothing while the run is held by this writer.
   *
   * @throws JobException with exit code 75 when another writer has taken the run over, 74 when
   *     somebody has deleted this writer's manifests
   */
  public void requireHeld() {
    numbersWhileHeld();
  }

  /** True while no newer manifest is another writer's; for any thread. */
  public boolean isHeld() {
    List<Long> numbers = manifests.numbers();
    return !numbers.isEmpty() && isOwn(NumberedLog.last(numbers));
  }

  /** All numbers in use, ascending, none of them higher than this writer's last. */
  private List<Long> numbersWhileHeld() {
    List<Long> numbers = manifests.numbers();
    if (NumberedLog.last(numbers) > last) {
      passOwn(NumberedLog.last(numbers));
    }
    if (!isOwn(proof)) {
      throw lost();
    }
    return numbers;
  }

  /** False when a manifest is gone or another writer's; a damaged one proves neither. */
  private boolean isOwn(long number) {
    try {
      return manifests.find(number).filter(manifest -> manifest.nonce().equals(nonce)).isPresent();
    } catch (OtherVersionException e) {
      return false;
    } catch (BrokenSealException e) {
      return true;
    }
  }

  /** The directory was deleted under this writer, and another run may have begun in it. */
  private JobException lost() {
    long newest = NumberedLog.last(manifests.numbers());
    return newest > 0 && !isOwn(newest)
        ? heldByAnother(newest)
        : JobException.storageFailed(
            "Cannot go on with %s: manifest %s, which this driver wrote, is gone. Somebody has deleted the run or a part of it, so nothing more is written there. Start again to begin anew, or restore it first."
                .formatted(run.root(), proof),
            null);
  }

  private Checkpoint writeObjectsWhileHeld(CheckpointDraft draft) {
    try {
      return writeObjects(draft);
    } catch (JobException e) {
      if (e.exitCode() == ExitCode.CANNOT_WRITE) {
        // Nothing can be written into a directory that is deleted meanwhile.
        requireHeld();
      }
      throw e;
    }
  }

  private Checkpoint writeObjects(CheckpointDraft draft) {
    String unique = UUID.randomUUID().toString().replace("-", "");
    String directory = "%s-%s-%s".formatted(draft.epoch(), draft.round(), unique);
    DigestedObjects store = new DigestedObjects(storage);
    List<StoredObject> objects = new ArrayList<>();
    for (Map.Entry<String, ContentWriter> object : draft.objects().entrySet()) {
      objects.add(store.write(run.checkpoint(directory), object.getKey(), object.getValue()));
    }
    return new Checkpoint(
        directory,
        draft.epoch(),
        draft.round(),
        draft.best(),
        objects,
        draft.history(),
        draft.state());
  }

  private void createManifest(Checkpoint checkpoint) {
    for (int torn = 0; ; ) {
      if (!isOwn(proof)) {
        throw withdrawn(checkpoint);
      }
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      Manifest manifest = new Manifest(last + 1, fence, nonce, now, Optional.of(checkpoint));
      try {
        if (manifests.create(manifest)) {
          if (!isOwn(proof)) {
            manifests.delete(manifest.number());
            throw withdrawn(checkpoint);
          }
          last = manifest.number();
          proof = last;
          return;
        }
        passOwn(manifest.number());
      } catch (TornObjectException e) {
        // The number is this writer's: readers skip it, and the next one may be had.
        last = manifest.number();
        torn++;
        if (torn == MOST_TORN) {
          throw e;
        }
        awaitStore();
      }
    }
  }

  /** Takes back the objects of a checkpoint that must not be published any more. */
  private JobException withdrawn(Checkpoint checkpoint) {
    storage.delete(run.checkpoint(checkpoint.directory()));
    return lost();
  }

  /** Waits until the store takes objects whole again. */
  private void awaitStore() {
    storage.probe(run.manifests());
  }

  /** Accepts a number that an earlier failed publication of this writer took after all. */
  private void passOwn(long number) {
    try {
      if (manifests.read(number).nonce().equals(nonce)) {
        last = number;
        proof = number;
        return;
      }
    } catch (BrokenSealException e) {
      // It is not provably this writer's, and the message below says what it is.
    }
    throw heldByAnother(number);
  }

  private JobException heldByAnother(long number) {
    return JobException.runHeld(
        "Cannot publish a checkpoint of %s: the run must be held by this writer (fence %s, nonce %s), got manifest %s of another writer (%s). Another driver has taken the run over; this one must stop."
            .formatted(run.root(), fence, nonce, number, manifests.describeWriter(number)));
  }

  /** Reads a manifest and its objects back, as every reader will find them. */
  private Checkpoint readBack(long number) {
    String problem;
    try {
      Checkpoint checkpoint = manifests.read(number).checkpoint().orElseThrow();
      Optional<String> damage =
          new RecoveryWalk(storage, run, manifests, any -> true, intact).problem(checkpoint);
      if (damage.isEmpty()) {
        return checkpoint;
      }
      problem = damage.get();
    } catch (BrokenSealException e) {
      problem = e.getMessage();
    }
    // A manifest that vanished may have been swept by the writer that holds the run now.
    requireHeld();
    throw JobException.storageFailed(
        "Cannot read back manifest %s of %s: %s. Nothing was deleted."
            .formatted(number, run.root(), problem),
        null);
  }
}
