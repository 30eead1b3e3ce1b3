package dev.featuremap.job.output;

import dev.featuremap.job.checkpoint.Storage;
import dev.featuremap.job.failure.JobException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a directory is for: it belongs to the first who writes that into it.
 *
 * @param file the name of the file that says so
 * @param text what it says
 */
public record Claim(String file, String text) {

  /**
   * Claims the directory, or finds that an earlier start of the same has.
   *
   * @throws JobException with {@code USAGE} when it holds anything else
   */
  public void make(Storage storage, WholeFiles files, Configuration hadoop) {
    Set<String> names = files.names(hadoop);
    if (!names.isEmpty() && !names.contains(file)) {
      throw JobException.usage(
          "Cannot %s into %s: it must be empty or hold an earlier start of the same, got %s. Give another directory."
              .formatted(
                  files.action(),
                  files.target(),
                  String.join(", ", names.stream().sorted().limit(5).toList())));
    }
    Path path = new Path(files.target(), file);
    if (storage.createIfAbsent(path, text.getBytes(StandardCharsets.UTF_8))) {
      return;
    }
    String there =
        storage
            .read(path, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .orElse("nothing");
    if (!there.equals(text)) {
      throw JobException.usage(
          "Cannot %s into %s: it was begun with other images or other settings, expected %s, got %s. Give another directory."
              .formatted(files.action(), files.target(), text.strip(), there.strip()));
    }
  }
}
