package dev.featuremap.job.commands.pack;

/** A record on its way to its file. A plain class with plain fields, since it travels. */
public final class PackedRow {
  private final long id;
  private final String path;
  private final int label;
  private final byte[] image;
  private final String fault;

  /**
   * Takes the array as it is.
   *
   * @param label the class; -1 if there is none
   * @param image an encoded file; null if there is none
   * @param fault why training will leave the record out; null if it will not
   */
  PackedRow(long id, String path, int label, byte[] image, String fault) {
    this.id = id;
    this.path = path;
    this.label = label;
    this.image = image;
    this.fault = fault;
  }

  long id() {
    return id;
  }

  String path() {
    return path;
  }

  int label() {
    return label;
  }

  byte[] image() {
    return image;
  }

  String fault() {
    return fault;
  }
}
