package dev.featuremap.job.training.checkpoint;

import dev.featuremap.job.storage.StoredObject;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Where things lie in a run directory; what it names is legal on every store. */
public record RunPaths(Path run) {
  private static final Pattern MANIFEST = Pattern.compile("([0-9]{10})\\.json");

  Path manifests() {
    return new Path(run, "manifests");
  }

  Path manifest(long number) {
    return new Path(manifests(), String.format(Locale.ROOT, "%010d.json", number));
  }

  /** The number in a file name, or nothing when the file is no manifest. */
  static OptionalLong manifestNumber(String fileName) {
    Matcher matcher = MANIFEST.matcher(fileName);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  Path directory(String directory) {
    return new Path(new Path(run, "checkpoints"), directory);
  }

  Path object(Checkpoint checkpoint, StoredObject object) {
    return new Path(directory(checkpoint.directory()), object.name());
  }

  /** A path as people know it: relative to the run directory. */
  String relative(Path path) {
    return run.toUri().relativize(path.toUri()).getPath();
  }
}
