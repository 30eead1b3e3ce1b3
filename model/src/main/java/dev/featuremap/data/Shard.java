package dev.featuremap.data;

/** The images of one worker, at positions from 0, wherever they are kept. */
public interface Shard {

  /** Images in the shard. */
  int size();

  /**
   * SHA-256 of all records, labels and pixels in order, as lower-case hex: the same however the
   * shard is kept.
   */
  String sha256();

  /** True where values are kept in place of pixels: the activation that a frozen part ends with. */
  default boolean holdsFeatures() {
    return false;
  }

  /** A pass over the places {@code [from, to)} of {@code order}; the caller closes it. */
  ImagePass pass(EpochOrder order, int from, int to);
}
