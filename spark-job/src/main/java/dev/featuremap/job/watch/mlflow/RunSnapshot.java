package dev.featuremap.job.watch.mlflow;

import dev.featuremap.job.record.EpochMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as the server is to show it. Immutable: each {@code with} gives another snapshot.
 *
 * @param name the run's id
 * @param key tells the run from all others, whatever server it is looked for at
 * @param isNew false when the server may know the run
 * @param started when the first attempt started
 * @param note a text about it, in Markdown
 * @param parameters its settings
 * @param tags by name
 * @param epochs those that are done
 * @param end how it ended; empty while it runs
 */
record RunSnapshot(
    String name,
    String key,
    boolean isNew,
    Instant started,
    String note,
    Map<String, String> parameters,
    Map<String, String> tags,
    List<Epoch> epochs,
    Optional<End> end) {

  /** An epoch, and when it was done. */
  record Epoch(EpochMetrics metrics, Instant time) {}

  /** How a run ended, in MLflow's words, and when. */
  record End(String status, Instant time) {}

  /** Copies the collections. */
  RunSnapshot {
    parameters = Map.copyOf(parameters);
    tags = Map.copyOf(tags);
    epochs = List.copyOf(epochs);
  }

  RunSnapshot withEpoch(EpochMetrics metrics, Instant time) {
    List<Epoch> more = new ArrayList<>(epochs);
    more.add(new Epoch(metrics, time));
    return new RunSnapshot(name, key, isNew, started, note, parameters, tags, more, end);
  }

  RunSnapshot withTag(String tag, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(tag, value);
    return new RunSnapshot(name, key, isNew, started, note, parameters, more, epochs, end);
  }

  RunSnapshot withEnd(String status, Instant time) {
    return new RunSnapshot(
        name,
        key,
        isNew,
        started,
        note,
        parameters,
        tags,
        epochs,
        Optional.of(new End(status, time)));
  }
}
