package dev.featuremap.job.models.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One step in the history of a published model.
 *
 * @param number from 1, unique by atomic creation
 * @param createdAt the writer's clock; for people only
 * @param nonce identifies the writer, so that two entries never have equal bytes
 * @param aliases what names {@code version} from here on; at least one
 * @param version the number of this entry if it publishes a model, else of an earlier one
 * @param model what is published; empty when aliases move to an earlier version
 */
public record HistoryEntry(
    long number,
    Instant createdAt,
    String nonce,
    List<String> aliases,
    long version,
    Optional<PublishedModel> model) {

  /** Copies the list. */
  public HistoryEntry {
    aliases = List.copyOf(aliases);
  }

  /** The same step, if {@code earlier} had published the model before. */
  HistoryEntry asMoveTo(HistoryEntry earlier) {
    return new HistoryEntry(number, createdAt, nonce, aliases, earlier.number(), Optional.empty());
  }
}
