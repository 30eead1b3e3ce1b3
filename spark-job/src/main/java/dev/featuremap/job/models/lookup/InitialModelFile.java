package dev.featuremap.job.models.lookup;

import dev.featuremap.format.StoredNames;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.registry.HistoryEntry;
import dev.featuremap.job.models.registry.ModelReference;
import dev.featuremap.job.models.registry.ModelRegistry;
import dev.featuremap.job.models.registry.PublishedModel;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.Recovery;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The safetensors file of a model that {@code train.init-from} names: a run stands for its newest
 * checkpoint, {@code run@best} for its best one, a published model, with or without {@code @} and a
 * version or an alias, for that version, and a directory with a {@code model.safetensors}, such as
 * of a checkpoint, an export or Spark ML, for that. A pipeline or a search that Spark ML has saved
 * stands for the one model in it.
 *
 * <p>A file is itself, and so is what is not there: whoever reads it says so.
 *
 * @param hadoop reaches the stores
 */
public record InitialModelFile(Configuration hadoop) implements UnaryOperator<Path> {
  private static final String ACTION = "start from";
  private static final String BEST = "best";

  /**
   * Finds the file.
   *
   * @throws JobException with {@code MISSING_INPUT} if a directory has no model, or a published
   *     model no such version; with {@code BAD_DATA} if what it has is damaged
   */
  @Override
  public Path apply(Path given) {
    Optional<FileStatus> found = status(given);
    if (found.isPresent()) {
      return found.get().isDirectory() ? inside(given) : given;
    }
    int at = given.getName().lastIndexOf('@');
    if (at < 1 || given.getParent() == null) {
      return given;
    }
    Path directory = PathText.child(given.getParent(), given.getName().substring(0, at));
    if (!isDirectory(directory)) {
      return given;
    }
    return isRun(directory) && given.getName().substring(at + 1).equals(BEST)
        ? ofRun(directory, true)
        : published(ModelReference.of("train.init-from", given));
  }

  private Path inside(Path directory) {
    return model(directory)
        .orElseGet(
            () ->
                isRun(directory)
                    ? ofRun(directory, false)
                    : isDirectory(PathText.child(directory, StoredNames.HISTORY))
                        ? published(new ModelReference(directory, ModelReference.LATEST))
                        : ofSparkMl(directory));
  }

  private Optional<Path> model(Path directory) {
    return Optional.of(PathText.child(directory, RunDirectory.MODEL))
        .filter(file -> status(file).isPresent());
  }

  private boolean isRun(Path directory) {
    return isDirectory(new RunDirectory(directory).manifests());
  }

  private Path ofRun(Path run, boolean best) {
    CheckpointStore store = CheckpointStore.of(run, hadoop);
    Recovery found =
        (best ? store.best() : store.newest()).orElseThrow(() -> without(run, "checkpoint"));
    return PathText.child(
        new RunDirectory(run).checkpoint(found.checkpoint().directory()), RunDirectory.MODEL);
  }

  private Path published(ModelReference reference) {
    ModelRegistry registry = ModelRegistry.of(reference.directory(), hadoop);
    HistoryEntry entry = registry.find(ACTION, reference);
    // Its bytes are compared with what was published.
    registry.read(ACTION, entry, input -> null);
    PublishedModel model = entry.model().orElseThrow();
    return PathText.child(registry.directoryOf(model), model.file().name());
  }

  /** The model that a search has chosen, or the one model among the stages of a pipeline. */
  private Path ofSparkMl(Path directory) {
    Path chosen = PathText.child(directory, "bestModel");
    if (isDirectory(chosen)) {
      return inside(chosen);
    }
    List<Path> models =
        children(PathText.child(directory, "stages")).stream()
            .flatMap(stage -> model(stage).stream())
            .toList();
    if (models.size() > 1) {
      throw JobException.usage(
          "Cannot start from %s: it has %s models. Name one of them, such as %s."
              .formatted(directory, models.size(), models.get(0)));
    }
    if (models.isEmpty()) {
      throw without(directory, "model");
    }
    return models.get(0);
  }

  private static JobException without(Path directory, String what) {
    return new JobException(
        ExitCode.MISSING_INPUT,
        "Cannot start from %s: it has no %s. Give a run, a published model, a model that Spark ML has saved, or a safetensors file."
            .formatted(directory, what));
  }

  private boolean isDirectory(Path path) {
    return status(path).filter(FileStatus::isDirectory).isPresent();
  }

  private Optional<FileStatus> status(Path path) {
    try {
      return Optional.of(FileSystems.of(path, hadoop).getFileStatus(path));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<Path> children(Path directory) {
    try {
      return Arrays.stream(FileSystems.of(directory, hadoop).listStatus(directory))
          .map(FileStatus::getPath)
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
