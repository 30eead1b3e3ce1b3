package dev.featuremap.job.training.checkpoint;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.DigestedObjects;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The older epochs of a run's history, as files that never change: {@code
 * history/<first>-<last>-<unique>.jsonl}. A manifest holds their digests and the last 1 to 100
 * epochs, so that a checkpoint takes the same time and space after any number of epochs.
 *
 * <p>Parts have 100, 1,000, 10,000, … epochs: at most nine of each size, and an epoch is written
 * once for each size. They are all kept, since an older manifest may name each of them.
 */
public final class HistoryParts {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryParts.class);

  /** Epochs of the smallest part. */
  static final int SMALLEST = 100;

  private static final int GROWTH = 10;
  private static final Pattern NAME =
      Pattern.compile("([0-9]{1,9})-([0-9]{1,9})-[0-9a-f]+\\.jsonl");

  private final Storage storage;
  private final RunDirectory run;
  private final Map<StoredObject, List<EpochMetrics>> known = new HashMap<>();

  HistoryParts(Storage storage, RunDirectory run) {
    this.storage = storage;
    this.run = run;
  }

  /** How many epochs parts have, from the first one on. */
  public static int epochs(List<StoredObject> parts) {
    return parts.isEmpty() ? 0 : range(parts.get(parts.size() - 1))[1];
  }

  /** True when parts must be written before a checkpoint of so many epochs. */
  public static boolean grows(List<StoredObject> parts, int epochs) {
    return epochs - epochs(parts) > SMALLEST;
  }

  /**
   * The epochs of some parts, in order.
   *
   * @throws JobException with {@code BAD_DATA} when one is missing or not as written
   */
  public List<EpochMetrics> read(List<StoredObject> parts) {
    List<EpochMetrics> history = new ArrayList<>();
    for (StoredObject part : parts) {
      List<EpochMetrics> epochs = known.computeIfAbsent(part, this::read);
      int[] range = range(part);
      if (range[0] != history.size() + 1 || range[1] != history.size() + epochs.size()) {
        throw JobException.badData(
            "Cannot read %s: it must have the epochs from %s on, got %s of them."
                .formatted(path(part), history.size() + 1, epochs.size()));
      }
      history.addAll(epochs);
    }
    return history;
  }

  private List<EpochMetrics> read(StoredObject part) {
    return new DigestedObjects(storage)
        .read(
            run.history(),
            part,
            "the history of a run",
            input ->
                EpochMetrics.fromLines(new String(input.readAllBytes(), StandardCharsets.UTF_8)));
  }

  /**
   * The parts of a longer history; all but its last 1 to 100 epochs. What is there already is not
   * written again.
   */
  public List<StoredObject> grown(List<StoredObject> parts, List<EpochMetrics> history) {
    Map<List<Integer>, StoredObject> byRange = new HashMap<>();
    parts.forEach(part -> byRange.put(List.of(range(part)[0], range(part)[1]), part));
    List<StoredObject> grown = new ArrayList<>();
    int from = 0;
    for (int length : lengths(history.size())) {
      StoredObject there = byRange.get(List.of(from + 1, from + length));
      grown.add(there == null ? write(history, from, from + length) : there);
      from += length;
    }
    return grown;
  }

  private StoredObject write(List<EpochMetrics> history, int from, int to) {
    List<EpochMetrics> epochs = List.copyOf(history.subList(from, to));
    String unique = UUID.randomUUID().toString().replace("-", "");
    String name = "%s-%s-%s.jsonl".formatted(from + 1, to, unique);
    byte[] text = EpochMetrics.toLines(epochs).getBytes(StandardCharsets.UTF_8);
    StoredObject part =
        new DigestedObjects(storage).write(run.history(), name, output -> output.write(text));
    known.put(part, epochs);
    return part;
  }

  /** The largest parts first. */
  private static List<Integer> lengths(int epochs) {
    List<Integer> lengths = new ArrayList<>();
    int left = (epochs - 1) / SMALLEST * SMALLEST;
    int length = SMALLEST;
    while ((long) length * GROWTH <= left) {
      length *= GROWTH;
    }
    for (; length >= SMALLEST; length /= GROWTH) {
      for (; left >= length; left -= length) {
        lengths.add(length);
      }
    }
    return lengths;
  }

  /** Where a part is. */
  Path path(StoredObject part) {
    return PathText.child(run.history(), part.name());
  }

  /** Writes a damaged part again if {@code metrics.jsonl} still has the same lines. */
  boolean repair(StoredObject part) {
    int[] range = range(part);
    Optional<String> lines =
        storage.read(
            run.metrics(), input -> new String(input.readAllBytes(), StandardCharsets.UTF_8));
    StringBuilder text = new StringBuilder();
    lines
        .orElse("")
        .lines()
        .skip(range[0] - 1L)
        .limit(range[1] - range[0] + 1L)
        .forEach(line -> text.append(line).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (!DigestedObjects.digest(part.name(), output -> output.write(bytes)).equals(part)) {
      return false;
    }
    storage.replace(path(part), bytes);
    LOG.warn("Wrote {} again from {}.", path(part), run.metrics());
    return true;
  }

  /** First and last epoch of a part, from 1. */
  private static int[] range(StoredObject part) {
    Matcher name = NAME.matcher(part.name());
    if (!name.matches()) {
      throw JobException.badData(
          "Cannot read the history of a run: its parts are named <first>-<last>-<unique>.jsonl, got %s."
              .formatted(part.name()));
    }
    return new int[] {Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2))};
  }
}
