package dev.featuremap.job.commands.output;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * What a directory is for: it belongs to the first who writes that into it.
 *
 * @param file the name of the file that says so
 * @param text what it says
 */
public record Claim(String file, String text) {

  /**
   * Claims the directory, or finds that an earlier start of the same has. A claim of which a killed
   * start or a failing store left a part only is made again.
   *
   * @throws JobException with {@code USAGE} when it holds anything else
   */
  public void make(Storage storage, ParquetDirectory files) {
    Set<String> names = files.names(storage);
    if (!names.isEmpty() && !names.contains(file)) {
      throw JobException.usage(
          "Cannot %s into %s: it must be empty or hold an earlier start of the same, got %s. Give another directory."
              .formatted(
                  files.action(),
                  files.target(),
                  String.join(", ", names.stream().sorted().limit(5).toList())));
    }
    Path path = PathText.child(files.target(), file);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (storage.createIfAbsent(path, bytes)) {
      return;
    }
    String there =
        storage
            .read(path, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .orElse("nothing");
    if (names.equals(Set.of(file)) && text.startsWith(there) && there.length() < text.length()) {
      storage.replace(path, bytes);
    } else if (!there.equals(text)) {
      throw JobException.usage(
          "Cannot %s into %s: it was begun with other images or other settings, expected %s, got %s. Give another directory."
              .formatted(files.action(), files.target(), text.strip(), there.strip()));
    }
  }
}
