package dev.featuremap.job.models.registry;

import dev.featuremap.job.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What happened to a published model so far.
 *
 * @param entries by ascending number; numbers may be missing
 * @param last the highest number in use, of a torn entry too; 0 when there is none
 */
public record History(List<HistoryEntry> entries, long last) {

  /** Copies the list. */
  public History {
    entries = List.copyOf(entries);
  }

  /**
   * What entries say together. On HDFS a writer may not see yet what another one is just writing:
   * then both publish the same, and the second counts as a move to the first.
   */
  static History of(List<HistoryEntry> entries, long last) {
    List<HistoryEntry> told = new ArrayList<>();
    for (HistoryEntry entry : entries) {
      told.add(
          entry
              .model()
              .flatMap(model -> new History(told, last).publicationOf(model.source(), model.file()))
              .map(entry::asMoveTo)
              .orElse(entry));
    }
    return new History(told, last);
  }

  /** The version that each alias names now. */
  public Map<String, Long> aliases() {
    Map<String, Long> aliases = new TreeMap<>();
    for (HistoryEntry entry : entries) {
      entry.aliases().forEach(alias -> aliases.put(alias, entry.version()));
    }
    return aliases;
  }

  /** The aliases that name a version now. */
  public List<String> aliasesOf(long version) {
    return aliases().entrySet().stream()
        .filter(alias -> alias.getValue() == version)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The numbers of all versions. */
  public List<Long> versions() {
    return entries.stream()
        .filter(entry -> entry.model().isPresent())
        .map(HistoryEntry::number)
        .toList();
  }

  /** The newest entry that published this source with these bytes. */
  Optional<HistoryEntry> publicationOf(ModelSource source, StoredObject bytes) {
    return entries.stream()
        .filter(entry -> entry.model().filter(model -> model.isSame(source, bytes)).isPresent())
        .reduce((earlier, later) -> later);
  }

  /** The entry that published a version. */
  Optional<HistoryEntry> publicationOf(long version) {
    return entries.stream()
        .filter(entry -> entry.number() == version && entry.model().isPresent())
        .findFirst();
  }
}
