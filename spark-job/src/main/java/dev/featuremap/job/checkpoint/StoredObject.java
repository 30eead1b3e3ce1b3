package dev.featuremap.job.checkpoint;

/**
 * One object of a checkpoint as its manifest describes it.
 *
 * @param name a file name of letters, digits, dots, hyphens and underscores
 * @param length in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record StoredObject(String name, long length, String sha256) {

  /** Refuses a name that could lead out of the checkpoint's directory. */
  public StoredObject {
    RunPaths.requireName(name);
  }

  ContentDigest digest() {
    return new ContentDigest(length, sha256);
  }
}
