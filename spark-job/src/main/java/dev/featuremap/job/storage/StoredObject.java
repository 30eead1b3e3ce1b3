package dev.featuremap.job.storage;

import java.util.regex.Pattern;

/**
 * One object of a checkpoint as its manifest describes it.
 *
 * @param name a file name of letters, digits, dots, hyphens and underscores
 * @param length in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record StoredObject(String name, long length, String sha256) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Refuses a name that could lead out of the checkpoint's directory. */
  public StoredObject {
    requireName(name);
  }

  /** Refuses a name that is not legal on every store. */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Cannot name an object %s: expected letters, digits, '.', '_' and '-', the first a letter or digit."
              .formatted(name));
    }
  }

  public ContentDigest digest() {
    return new ContentDigest(length, sha256);
  }
}
