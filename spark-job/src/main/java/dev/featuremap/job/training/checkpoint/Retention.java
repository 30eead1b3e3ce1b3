package dev.featuremap.job.training.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which checkpoints stay: the last ones, the best, and one of every so many epochs.
 *
 * @param last how many of the newest to keep, at least 1; with 1 there is nothing to fall back to
 * @param everyEpochs keeps the first checkpoint after each multiple of this many epochs; 0 for none
 */
public record Retention(int last, int everyEpochs) {
  private static final Comparator<Manifest> BY_PROGRESS =
      Comparator.comparing(Retention::checkpoint, Comparator.comparingInt(Checkpoint::round));

  /** Keeps at least the newest. */
  public Retention {
    if (last < 1 || everyEpochs < 0) {
      throw new IllegalArgumentException(
          "Cannot keep checkpoints: last must be at least 1 and everyEpochs at least 0, got %s and %s."
              .formatted(last, everyEpochs));
    }
  }

  /**
   * The numbers of the manifests to keep; of several that refer to one checkpoint, the newest.
   *
   * @param newestFirst intact manifests
   */
  Set<Long> kept(List<Manifest> newestFirst) {
    Map<String, Manifest> newestOf = new LinkedHashMap<>();
    for (Manifest manifest : newestFirst) {
      manifest.checkpoint().ifPresent(c -> newestOf.putIfAbsent(c.directory(), manifest));
    }
    List<Manifest> candidates = List.copyOf(newestOf.values());
    Set<Long> kept = new HashSet<>();
    candidates.stream().limit(last).forEach(manifest -> kept.add(manifest.number()));
    candidates.stream()
        .filter(manifest -> checkpoint(manifest).best())
        .findFirst()
        .ifPresent(manifest -> kept.add(manifest.number()));
    firstOfEveryEpochs(candidates).forEach(manifest -> kept.add(manifest.number()));
    return kept;
  }

  /** The earliest checkpoint from each multiple on to the next; of equal ones, the oldest. */
  private Collection<Manifest> firstOfEveryEpochs(List<Manifest> newestFirst) {
    Map<Integer, Manifest> firstOf = new HashMap<>();
    for (Manifest manifest : newestFirst) {
      int epoch = checkpoint(manifest).epoch();
      if (everyEpochs > 0 && epoch >= everyEpochs) {
        firstOf.merge(epoch / everyEpochs, manifest, Retention::earlier);
      }
    }
    return firstOf.values();
  }

  private static Manifest earlier(Manifest newer, Manifest older) {
    return BY_PROGRESS.compare(older, newer) <= 0 ? older : newer;
  }

  private static Checkpoint checkpoint(Manifest manifest) {
    return manifest.checkpoint().orElseThrow();
  }
}
