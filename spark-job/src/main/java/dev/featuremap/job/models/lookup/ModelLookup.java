package dev.featuremap.job.models.lookup;

import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.models.registry.HistoryEntry;
import dev.featuremap.job.models.registry.ModelReference;
import dev.featuremap.job.models.registry.ModelRegistry;
import dev.featuremap.job.models.registry.ModelSource;
import dev.featuremap.job.models.registry.PublishedModel;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.training.checkpoint.Checkpoint;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.Recovery;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds trained models: of a run, of one checkpoint, in a file, or published.
 *
 * @param action what cannot be done without the model, for messages: {@code evaluate}
 */
public record ModelLookup(Configuration hadoop, String action) {

  /** The model that a location names. */
  public ModelFile at(ModelLocation location) {
    return find(location).model();
  }

  /** The model that a location names, and where it is. */
  public FoundModel find(ModelLocation location) {
    if (location.published().isPresent()) {
      return published(location.published().get());
    }
    return location.run().isPresent()
        ? ofRun(location.run().get(), location.best())
        : at(location.checkpoint().orElseThrow());
  }

  /**
   * The model of a run's newest checkpoint, or of its best one.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is none
   */
  private FoundModel ofRun(Path run, boolean best) {
    CheckpointStore store = CheckpointStore.of(run, hadoop);
    Recovery found = (best ? store.best() : store.newest()).orElseThrow(() -> missing(run, best));
    Checkpoint checkpoint = found.checkpoint();
    String source = checkpoint.directory() + "/" + RunDirectory.MODEL;
    long length = checkpoint.object(RunDirectory.MODEL).length();
    ModelFile model = store.read(checkpoint, RunDirectory.MODEL, in -> parse(in, length, source));
    return new FoundModel(model, source(run, checkpoint), found.skipped());
  }

  private ModelSource source(Path run, Checkpoint checkpoint) {
    Optional<EpochMetrics> epoch = EpochMetrics.endOf(checkpoint.state());
    Path root = qualified(run);
    return new ModelSource(
        PathText.child(new RunDirectory(root).checkpoints(), checkpoint.directory()).toString(),
        Optional.of(root.toString()),
        checkpoint.epoch(),
        epoch.map(EpochMetrics::set).orElse("test"),
        epoch.map(EpochMetrics::accuracy).orElse(Double.NaN));
  }

  private Path qualified(Path path) {
    StorageFault.requireStore(action, path);
    try {
      return FileSystems.qualify(path, hadoop);
    } catch (IOException e) {
      throw StorageFault.unreadable(path, e);
    } catch (IllegalArgumentException e) {
      throw StorageFault.unreadable(path, e);
    }
  }

  private JobException missing(Path run, boolean best) {
    return new JobException(
        ExitCode.MISSING_INPUT,
        best
            ? "Cannot %s %s: it has no checkpoint of a whole epoch. Leave --best out for its newest."
                .formatted(action, run)
            : "Cannot %s %s: it has no checkpoint. Give --run the directory of a run."
                .formatted(action, run));
  }

  /**
   * The model in a checkpoint's directory or a file.
   *
   * @throws JobException with {@code MISSING_INPUT} if it is not there, with {@code BAD_DATA} if it
   *     is damaged
   */
  private FoundModel at(Path path) {
    String location = qualified(path).toString();
    try {
      ModelFile model = Storage.of(path, hadoop).byHadoop("read", path, files -> read(files, path));
      return new FoundModel(model, ModelSource.file(location), List.of());
    } catch (FileNotFoundException e) {
      throw JobException.missingInput(
          "Cannot %s %s: %s. Give a checkpoint's directory or a model.safetensors."
              .formatted(action, path, e.getMessage()),
          e);
    } catch (IOException e) {
      throw StorageFault.unreadable(path, e);
    }
  }

  private static ModelFile read(FileSystem files, Path path) throws IOException {
    FileStatus status = files.getFileStatus(path);
    Path file = status.isDirectory() ? PathText.child(path, RunDirectory.MODEL) : path;
    long length = status.isDirectory() ? files.getFileStatus(file).getLen() : status.getLen();
    try (InputStream in = files.open(file)) {
      return parse(in, length, file.toString());
    }
  }

  private FoundModel published(ModelReference reference) {
    ModelRegistry registry = ModelRegistry.of(reference.directory(), hadoop);
    HistoryEntry entry = registry.find(action, reference);
    PublishedModel published = entry.model().orElseThrow();
    String version = reference.directory() + "@" + entry.number();
    ModelFile model =
        registry.read(action, entry, in -> parse(in, published.file().length(), version));
    ModelSource origin = published.source();
    return new FoundModel(
        model,
        new ModelSource(version, origin.run(), origin.epochs(), origin.set(), origin.accuracy()),
        List.of());
  }

  private static ModelFile parse(InputStream in, long length, String source) throws IOException {
    try {
      return ModelFile.read(in, length, source);
    } catch (FormatException e) {
      throw new JobException(ExitCode.BAD_DATA, e.getMessage(), e);
    }
  }
}
