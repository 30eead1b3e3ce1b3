package dev.featuremap.job.models.registry;

import dev.featuremap.format.StoredNames;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.storage.ContentReader;
import dev.featuremap.job.storage.ContentWriter;
import dev.featuremap.job.storage.DigestedObjects;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.storage.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The versions of one published model: read and published by anybody, at any time. */
public final class ModelRegistry {
  private static final String FILE = "model.safetensors";

  private final Path root;
  private final Storage storage;
  private final DigestedObjects objects;
  private final HistoryFiles files;

  /** The versions below {@code root}, which need not exist yet. */
  public ModelRegistry(Storage storage, Path root) {
    this.root = root;
    this.storage = storage;
    this.objects = new DigestedObjects(storage);
    this.files = new HistoryFiles(storage, PathText.child(root, StoredNames.HISTORY));
  }

  /** The versions below {@code root} on its own store. */
  public static ModelRegistry of(Path root, Configuration configuration) {
    return new ModelRegistry(Storage.of(root, configuration), root);
  }

  /**
   * How a publication or a move ended.
   *
   * @param entry what published the version, or moved the aliases
   * @param isNew false when that had been done before, and nothing was written
   */
  public record Outcome(HistoryEntry entry, boolean isNew) {}

  /** Everything that happened; empty when nothing was published. */
  public History history() {
    return files.all();
  }

  /**
   * Publishes a model as a new version that {@code latest} and the aliases name, unless these bytes
   * of this source are published already. In that case no alias moves: it may have been rolled back
   * since.
   *
   * @throws JobException with exit code 73 or 74 when the store does not take it; nobody then sees
   *     anything of it, except that after 74 it may have been published after all
   */
  public Outcome publish(ModelSource source, Set<String> aliases, ContentWriter model) {
    requireOwnDirectory();
    History history = history();
    StoredObject bytes = DigestedObjects.digest(FILE, model);
    Optional<HistoryEntry> there = history.publicationOf(source, bytes);
    if (there.isPresent()) {
      return new Outcome(there.get(), false);
    }
    storage.probe(PathText.child(root, StoredNames.VERSIONS));
    PublishedModel copy = copy(source, model);
    while (true) {
      long number = history.last() + 1;
      HistoryEntry entry = entry(number, withLatest(aliases), number, Optional.of(copy));
      if (files.create(entry)) {
        return new Outcome(entry, true);
      }
      history = history();
      there = history.publicationOf(source, bytes);
      if (there.isPresent()) {
        storage.delete(
            PathText.child(PathText.child(root, StoredNames.VERSIONS), copy.directory()));
        return new Outcome(there.get(), false);
      }
    }
  }

  /** Writes the model under a name nobody has used, and reads it back. */
  private PublishedModel copy(ModelSource source, ContentWriter model) {
    String unique = UUID.randomUUID().toString().replace("-", "");
    Path directory = PathText.child(PathText.child(root, StoredNames.VERSIONS), unique);
    StoredObject file = objects.write(directory, FILE, model);
    objects.read(directory, file, "back what was published", input -> null);
    return new PublishedModel(unique, file, source);
  }

  private static List<String> withLatest(Set<String> aliases) {
    return Stream.concat(Stream.of(ModelReference.LATEST), aliases.stream().sorted())
        .distinct()
        .toList();
  }

  /**
   * Lets an alias name a version that exists, such as an earlier one.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is no such version
   */
  public Outcome move(String alias, long version) {
    while (true) {
      History history = history();
      HistoryEntry publication =
          history
              .publicationOf(version)
              .orElseThrow(() -> missing("roll back to", ModelReference.version(root, version)));
      if (Optional.of(version).equals(Optional.ofNullable(history.aliases().get(alias)))) {
        return new Outcome(publication, false);
      }
      // Nobody shall be sent to a model that is damaged.
      read("roll back to", publication, input -> null);
      HistoryEntry entry = entry(history.last() + 1, List.of(alias), version, Optional.empty());
      if (files.create(entry)) {
        return new Outcome(entry, true);
      }
    }
  }

  /**
   * The entry that published what a reference means now.
   *
   * @param action what cannot be done without it, for messages: {@code evaluate}
   * @throws JobException with {@code MISSING_INPUT} if there is no such version or alias
   */
  public HistoryEntry find(String action, ModelReference reference) {
    OptionalLong version = reference.version();
    if (version.isPresent()) {
      return publication(version.getAsLong()).orElseThrow(() -> missing(action, reference));
    }
    List<Long> numbers = files.numbers();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      Optional<HistoryEntry> entry =
          files
              .read(numbers.get(i))
              .filter(candidate -> candidate.aliases().contains(reference.selector()));
      if (entry.isPresent()) {
        return publication(entry.get().version()).orElseThrow(() -> missing(action, reference));
      }
    }
    throw missing(action, reference);
  }

  private Optional<HistoryEntry> publication(long version) {
    return files.read(version).filter(entry -> entry.model().isPresent());
  }

  /**
   * What {@code reader} makes of a version's model, after all of its bytes were found to be as
   * published.
   *
   * @param action what is done with it, for messages: {@code evaluate}
   * @throws JobException with {@code BAD_DATA} if the model is missing or damaged
   */
  public <T> T read(String action, HistoryEntry publication, ContentReader<T> reader) {
    PublishedModel model =
        publication
            .model()
            .orElseThrow(
                () -> new NoSuchElementException("Entry %s moves".formatted(publication.number())));
    try {
      return objects.read(directoryOf(model), model.file(), "a published model", reader);
    } catch (JobException e) {
      throw e.exitCode() == ExitCode.BAD_DATA ? damaged(action, publication, e) : e;
    }
  }

  /** Where a version's file lies. */
  public Path directoryOf(PublishedModel model) {
    return PathText.child(PathText.child(root, StoredNames.VERSIONS), model.directory());
  }

  private JobException damaged(String action, HistoryEntry publication, JobException cause) {
    return new JobException(
        ExitCode.BAD_DATA,
        "Cannot %s %s: its bytes must be those that were published. %s Restore the file, or use another version."
            .formatted(
                action, ModelReference.version(root, publication.number()), cause.getMessage()),
        cause);
  }

  private HistoryEntry entry(
      long number, List<String> aliases, long version, Optional<PublishedModel> model) {
    return new HistoryEntry(
        number,
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        UUID.randomUUID().toString(),
        aliases,
        version,
        model);
  }

  private JobException missing(String action, ModelReference reference) {
    History history = history();
    if (history.versions().isEmpty()) {
      return new JobException(
          ExitCode.MISSING_INPUT,
          "Cannot %s %s: nothing is published there. Give the directory that was given to featuremap publish."
              .formatted(action, reference.directory()));
    }
    return new JobException(
        ExitCode.MISSING_INPUT,
        "Cannot %s %s: there is no such version or alias, expected one of %s or %s."
            .formatted(
                action,
                reference,
                join(history.versions()),
                String.join(", ", history.aliases().keySet())));
  }

  private static String join(List<Long> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }

  /** A directory of many models, or of a run, is not that of one model. */
  private void requireOwnDirectory() {
    List<String> others =
        storage.list(root).stream()
            .filter(name -> !name.equals(StoredNames.HISTORY) && !name.equals(StoredNames.VERSIONS))
            .filter(name -> !name.startsWith("."))
            .toList();
    if (!others.isEmpty()) {
      throw JobException.usage(
          "Cannot publish to %s: it must be empty or hold published versions of one model, got %s. Name a directory of its own, such as %s."
              .formatted(
                  root,
                  String.join(", ", others.subList(0, Math.min(5, others.size()))),
                  PathText.child(root, "digits")));
    }
  }
}
