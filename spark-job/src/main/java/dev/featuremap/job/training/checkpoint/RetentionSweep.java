package dev.featuremap.job.training.checkpoint;

import dev.featuremap.format.BrokenSealException;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what retention does not keep: manifests first, oldest first, then their objects. */
record RetentionSweep(Storage storage, RunDirectory run, Manifests manifests) {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionSweep.class);

  /**
   * Sweeps among {@code numbers}, ascending. What cannot be parsed stays. A store that refuses to
   * delete costs space, not the run: the rest is left to the next sweep.
   */
  void delete(List<Long> numbers, Retention retention) {
    try {
      sweep(intactNewestFirst(numbers), retention);
    } catch (JobException e) {
      LOG.warn("Left old checkpoints of {} in place: {}", run.root(), e.getMessage(), e);
    }
  }

  private void sweep(List<Manifest> newestFirst, Retention retention) {
    Set<Long> kept = retention.kept(unfenced(newestFirst));
    Set<String> keptDirectories = new LinkedHashSet<>();
    Set<String> directories = new LinkedHashSet<>();
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      Manifest manifest = newestFirst.get(i);
      boolean keep = kept.contains(manifest.number());
      Set<String> names = keep ? keptDirectories : directories;
      manifest.checkpoint().ifPresent(checkpoint -> names.add(checkpoint.directory()));
      if (!keep) {
        manifests.delete(manifest.number());
      }
    }
    directories.removeAll(keptDirectories);
    directories.forEach(directory -> storage.delete(run.checkpoint(directory)));
  }

  private List<Manifest> intactNewestFirst(List<Long> numbers) {
    List<Manifest> newestFirst = new ArrayList<>();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      try {
        newestFirst.add(manifests.read(numbers.get(i)));
      } catch (BrokenSealException e) {
        LOG.warn("Left {} in place: {}", manifests.path(numbers.get(i)), e.getMessage());
      }
    }
    return newestFirst;
  }

  private static List<Manifest> unfenced(List<Manifest> newestFirst) {
    List<Manifest> unfenced = new ArrayList<>();
    long fence = 0;
    for (Manifest manifest : newestFirst) {
      if (!RecoveryWalk.isFenced(manifest, fence)) {
        unfenced.add(manifest);
        fence = Math.max(fence, manifest.fence());
      }
    }
    return unfenced;
  }
}
