package dev.featuremap.job.training.checkpoint;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.ContentReader;
import dev.featuremap.job.storage.DigestedObjects;
import dev.featuremap.job.storage.NumberedLog;
import dev.featuremap.job.storage.Storage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one run directory: read by anybody, written by whoever took the run over last.
 *
 * <p>The protocol is told in the package documentation.
 */
public final class CheckpointStore {
  private final Storage storage;
  private final RunDirectory run;
  private final Manifests manifests;
  private final HistoryParts history;

  /** The checkpoints below {@code runDirectory}, which need not exist yet. */
  public CheckpointStore(Storage storage, Path runDirectory) {
    this.storage = storage;
    this.run = new RunDirectory(runDirectory);
    this.manifests = new Manifests(storage, run);
    this.history = new HistoryParts(storage, run);
  }

  /** The checkpoints below {@code runDirectory} on its own store. */
  public static CheckpointStore of(Path runDirectory, Configuration configuration) {
    return new CheckpointStore(Storage.of(runDirectory, configuration), runDirectory);
  }

  /**
   * The newest checkpoint of which every byte is as published, or nothing when none was published.
   *
   * <p>Damaged ones are passed over with a warning each and returned with the result.
   *
   * @throws JobException with exit code 65 when there are checkpoints but none is intact; its
   *     message has the reason for each, and nothing is deleted
   */
  public Optional<Recovery> newest() {
    return survey(any -> true).recovery();
  }

  /**
   * The best checkpoint of those that {@link #newest} might give: the newest that was better than
   * all before it.
   */
  public Optional<Recovery> best() {
    return survey(Checkpoint::best).recovery();
  }

  /**
   * What the newest readable manifest refers to, whatever has become of the objects; nothing when
   * none tells of a checkpoint.
   *
   * @throws JobException with exit code 65 when another version has written it
   */
  public Optional<Checkpoint> lastPublished() {
    List<Long> numbers = manifests.numbers();
    long fence = 0;
    for (int i = numbers.size() - 1; i >= 0; i--) {
      Optional<Manifest> manifest = readable(numbers.get(i));
      if (manifest.isEmpty() || RecoveryWalk.isFenced(manifest.get(), fence)) {
        continue;
      }
      if (manifest.get().checkpoint().isPresent()) {
        return manifest.get().checkpoint();
      }
      fence = Math.max(fence, manifest.get().fence());
    }
    return Optional.empty();
  }

  private Optional<Manifest> readable(long number) {
    try {
      return Optional.of(manifests.read(number));
    } catch (OtherVersionException e) {
      throw manifests.unknown(number, e);
    } catch (BrokenSealException e) {
      return Optional.empty();
    }
  }

  /**
   * What {@code reader} makes of an object, after all of its bytes were found to be as published.
   *
   * @throws JobException with exit code 65 when the object is missing or not as published
   * @throws NoSuchElementException when the checkpoint has no object of that name
   */
  public <T> T read(Checkpoint checkpoint, String name, ContentReader<T> reader) {
    return new DigestedObjects(storage)
        .read(
            run.checkpoint(checkpoint.directory()),
            checkpoint.object(name),
            "a checkpoint",
            reader);
  }

  /** The older epochs of the run, which are read from the store once. */
  public HistoryParts history() {
    return history;
  }

  /**
   * Makes the caller the run's only writer, by publishing a manifest with a new fence that refers
   * to the newest intact checkpoint, before any work is done.
   *
   * @throws JobException with exit code 75 when another writer publishes at the same moment, and
   *     with exit code 65 as {@link #newest} does
   */
  public CheckpointWriter takeOver(Retention retention) {
    Survey survey = survey(any -> true);
    long number = NumberedLog.last(survey.numbers()) + 1;
    Manifest manifest =
        new Manifest(
            number,
            number,
            UUID.randomUUID().toString(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            survey.recovery().map(Recovery::checkpoint));
    if (!manifests.create(manifest)) {
      throw JobException.runHeld(
          "Cannot take over %s: manifest %s must be free, got one of another writer (%s). That driver is alive: wait for it, or stop it and submit again."
              .formatted(run.root(), number, manifests.describeWriter(number)));
    }
    return new CheckpointWriter(storage, run, retention, manifest, survey.recovery());
  }

  /** The numbers that were in use, and what they lead to. */
  private record Survey(List<Long> numbers, Optional<Recovery> recovery) {}

  private Survey survey(Predicate<Checkpoint> wanted) {
    List<Long> numbers = manifests.numbers();
    RecoveryWalk walk = new RecoveryWalk(storage, run, manifests, wanted);
    try {
      return new Survey(numbers, walk.from(numbers));
    } catch (JobException e) {
      if (NumberedLog.last(manifests.numbers()) == NumberedLog.last(numbers)) {
        throw e;
      }
      // A live writer has published and deleted under our feet; what is newer decides.
      return survey(wanted);
    }
  }
}
