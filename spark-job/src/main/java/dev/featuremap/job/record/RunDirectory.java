package dev.featuremap.job.record;

import dev.featuremap.format.StoredNames;
import dev.featuremap.job.path.PathText;
import org.apache.hadoop.fs.Path;

/**
 * The names in a run's directory.
 *
 * @param root the directory, on any Hadoop file system
 */
public record RunDirectory(Path root) {
  /** A checkpoint's file with the parameters; any reader of safetensors takes it as a model. */
  public static final String MODEL = StoredNames.MODEL;

  /**
   * The directory of a run below the output directory. An id cannot lead out of it: it becomes one
   * component without {@code /} that does not start with a dot.
   */
  public static RunDirectory of(Path output, RunId id) {
    return new RunDirectory(PathText.child(output, id.directoryName()));
  }

  /** The resolved configuration, written when the run starts, and when it gets more epochs. */
  public Path config() {
    return child(StoredNames.CONFIG);
  }

  /** Holds the configurations that a run had before it got more epochs. */
  public Path earlier() {
    return child("earlier");
  }

  /** What the run is doing: a {@link RunStatus}. */
  public Path status() {
    return child("status.json");
  }

  /** One {@link EpochMetrics} a line. */
  public Path metrics() {
    return child("metrics.jsonl");
  }

  /** The run as a page to look at. */
  public Path report() {
    return child("report.html");
  }

  /** Holds an event file of TensorBoard for each epoch, if the run is to write them. */
  public Path tensorboard() {
    return child("tensorboard");
  }

  /** What came out: a {@link RunResult}. */
  public Path result() {
    return child("result.json");
  }

  /** Written last; its existence says that everything else is complete. */
  public Path success() {
    return child("_SUCCESS");
  }

  /** Holds one directory for each checkpoint. */
  public Path checkpoints() {
    return child(StoredNames.CHECKPOINTS);
  }

  /** Holds the objects of the checkpoint of that name. */
  public Path checkpoint(String name) {
    return PathText.child(checkpoints(), name);
  }

  /** Holds one manifest for each published checkpoint. */
  public Path manifests() {
    return child(StoredNames.MANIFESTS);
  }

  /** Holds the epochs of a long run that its manifests do not repeat. */
  public Path history() {
    return child("history");
  }

  /** A path as people know it: relative to the run's directory. */
  public String relative(Path path) {
    return root.toUri().relativize(path.toUri()).getPath();
  }

  private Path child(String name) {
    return PathText.child(root, name);
  }
}
