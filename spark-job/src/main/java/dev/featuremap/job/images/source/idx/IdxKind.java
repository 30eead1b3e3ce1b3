package dev.featuremap.job.images.source.idx;

/** The two kinds of IDX files that Featuremap reads, both of unsigned bytes. */
enum IdxKind {
  /** {@code [images, rows, columns]} or {@code [images, channels, rows, columns]}. */
  IMAGES(3, 4, "0x00000803 or 0x00000804"),
  /** {@code [labels]}. */
  LABELS(1, 1, "0x00000801");

  private final int fewestDimensions;
  private final int mostDimensions;
  private final String magics;

  IdxKind(int fewestDimensions, int mostDimensions, String magics) {
    this.fewestDimensions = fewestDimensions;
    this.mostDimensions = mostDimensions;
    this.magics = magics;
  }

  boolean hasDimensions(int dimensions) {
    return dimensions >= fewestDimensions && dimensions <= mostDimensions;
  }

  /** The first four bytes that are accepted, for messages. */
  String magics() {
    return magics;
  }

  /** What the records of such a file are called in messages. */
  String plural() {
    return this == IMAGES ? "images" : "labels";
  }
}
