package dev.featuremap.job.training.checkpoint;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.ContentDigest;
import dev.featuremap.job.storage.DigestedObjects;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StoredObject;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk over the manifests of a run, from the newest to the first wanted that is wholly intact.
 */
final class RecoveryWalk {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryWalk.class);

  private final Storage storage;
  private final RunDirectory run;
  private final Manifests manifests;
  private final Predicate<Checkpoint> wanted;
  private final HistoryParts parts;
  private final Set<StoredObject> intact;
  private final List<SkippedManifest> skipped = new ArrayList<>();
  private final Map<Path, Optional<String>> damage = new HashMap<>();

  /** True while everything skipped was only begun, so that no reader can have relied on it. */
  private boolean nothingLost = true;

  /** The highest fence met; a lower one from this number on belongs to a writer that was out. */
  private long fence;

  RecoveryWalk(
      Storage storage, RunDirectory run, Manifests manifests, Predicate<Checkpoint> wanted) {
    this(storage, run, manifests, wanted, new HashSet<>());
  }

  /**
   * A walk that reads no part of a history twice.
   *
   * @param intact those that were found to be as written; gets more of them
   */
  RecoveryWalk(
      Storage storage,
      RunDirectory run,
      Manifests manifests,
      Predicate<Checkpoint> wanted,
      Set<StoredObject> intact) {
    this.parts = new HistoryParts(storage, run);
    this.intact = intact;
    this.storage = storage;
    this.run = run;
    this.manifests = manifests;
    this.wanted = wanted;
  }

  /**
   * The newest intact checkpoint that is wanted, or nothing when none was ever published.
   *
   * @param numbers ascending
   * @throws JobException with exit code 65 when there may have been one but none is intact
   */
  Optional<Recovery> from(List<Long> numbers) {
    for (int i = numbers.size() - 1; i >= 0; i--) {
      long number = numbers.get(i);
      Optional<Manifest> usable = usable(number);
      if (usable.isEmpty()) {
        continue;
      }
      Manifest manifest = usable.get();
      Optional<Checkpoint> found = manifest.checkpoint();
      if (found.filter(wanted).isPresent()) {
        return Optional.of(new Recovery(manifest, found.get(), skipped));
      }
      if (found.isEmpty() && nothingLost) {
        return Optional.empty();
      }
    }
    // The first checkpoint's retention deletes number 1, which refers to none.
    if (skipped.isEmpty() || (nothingLost && numbers.get(0) == 1)) {
      return Optional.empty();
    }
    throw allDamaged();
  }

  private Optional<Manifest> usable(long number) {
    try {
      Manifest manifest = manifests.read(number);
      if (isFenced(manifest, fence)) {
        skip(number, "its writer had lost the run to manifest %s before".formatted(fence));
        return Optional.empty();
      }
      fence = Math.max(fence, manifest.fence());
      Optional<String> problem = manifest.checkpoint().flatMap(this::problem);
      if (problem.isPresent()) {
        nothingLost = false;
        skip(number, problem.get());
        return Optional.empty();
      }
      return Optional.of(manifest);
    } catch (OtherVersionException e) {
      throw manifests.unknown(number, e);
    } catch (BrokenSealException e) {
      nothingLost &= e.unfinished();
      skip(number, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * True for a manifest of a writer that had been out when it wrote it: the fence is the number of
   * the manifest that put it out. It can only get a number that retention has freed meanwhile.
   */
  static boolean isFenced(Manifest manifest, long fence) {
    return manifest.number() >= fence && manifest.fence() < fence;
  }

  /** The first object that is not as the manifest says, if any. */
  Optional<String> problem(Checkpoint checkpoint) {
    for (StoredObject object : checkpoint.objects()) {
      Path path = PathText.child(run.checkpoint(checkpoint.directory()), object.name());
      Optional<String> problem = damage.computeIfAbsent(path, p -> problem(p, object));
      if (problem.isPresent()) {
        return problem;
      }
    }
    return problem(checkpoint.history());
  }

  /** The first part of a history that is not as written, and cannot be written again. */
  private Optional<String> problem(List<StoredObject> history) {
    for (StoredObject part : history) {
      Path path = PathText.child(run.history(), part.name());
      Optional<String> problem =
          intact.contains(part)
              ? Optional.empty()
              : damage.computeIfAbsent(
                  path, p -> problem(p, part).filter(any -> !parts.repair(part)));
      if (problem.isPresent()) {
        return problem;
      }
      intact.add(part);
    }
    return Optional.empty();
  }

  private Optional<String> problem(Path path, StoredObject object) {
    String file = run.relative(path);
    try {
      return storage
          .read(path, (InputStream input) -> ContentDigest.of(input))
          .map(digest -> DigestedObjects.difference(file, digest, object.digest()))
          .orElse(Optional.of(file + " is missing"));
    } catch (JobException e) {
      if (e.exitCode() == ExitCode.STORAGE_FAILED) {
        throw e;
      }
      return Optional.of(e.getMessage());
    }
  }

  private void skip(long number, String reason) {
    String file = run.relative(manifests.path(number));
    skipped.add(new SkippedManifest(file, reason));
    LOG.warn("Skipped {} of {}: {}", file, run.root(), reason);
  }

  private JobException allDamaged() {
    return JobException.listing(
        ExitCode.BAD_DATA,
        "Cannot resume from %s: a checkpoint must be intact, got none; nothing was deleted."
            .formatted(run.root()),
        skipped.stream().map(SkippedManifest::toString).toList(),
        "Restore the damaged files, or start a new run.");
  }
}
