package dev.featuremap.job.registry;

import dev.featuremap.job.checkpoint.StoredObject;

/**
 * A model as it was published.
 *
 * @param directory the name of its directory below {@code models}
 * @param file its file there, with length and hash
 * @param source where it comes from
 */
public record PublishedModel(String directory, StoredObject file, ModelSource source) {

  /** True when this is what came from {@code other}, with these bytes. */
  boolean isSame(ModelSource other, StoredObject bytes) {
    return source.location().equals(other.location())
        && file.length() == bytes.length()
        && file.sha256().equals(bytes.sha256());
  }
}
