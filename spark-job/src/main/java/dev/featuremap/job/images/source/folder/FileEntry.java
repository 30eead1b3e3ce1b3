package dev.featuremap.job.images.source.folder;

/**
 * A file of a folder of images. A plain class with plain fields, since it is sorted in a shuffle.
 */
public final class FileEntry {
  private final String label;
  private final long length;

  FileEntry(String label, long length) {
    this.label = label;
    this.length = length;
  }

  /** The name of its class. */
  String label() {
    return label;
  }

  /** Its bytes. */
  long length() {
    return length;
  }
}
