package dev.featuremap.job.models.registry;

import dev.featuremap.job.storage.StoredObject;
import java.util.regex.Pattern;

/**
 * A model as it was published.
 *
 * @param directory the name of its directory below {@code models}
 * @param file its file there, with length and hash
 * @param source where it comes from
 */
public record PublishedModel(String directory, StoredObject file, ModelSource source) {
  private static final Pattern DIRECTORY = Pattern.compile("[0-9a-f]{32}");

  /** Refuses a directory that could lead out of the model's own. */
  public PublishedModel {
    if (!DIRECTORY.matcher(directory).matches()) {
      throw new IllegalArgumentException(
          "its model's directory must have 32 hexadecimal digits, got " + directory);
    }
  }

  /** True when this is what came from {@code other}, with these bytes. */
  boolean isSame(ModelSource other, StoredObject bytes) {
    return source.location().equals(other.location())
        && file.length() == bytes.length()
        && file.sha256().equals(bytes.sha256());
  }
}
