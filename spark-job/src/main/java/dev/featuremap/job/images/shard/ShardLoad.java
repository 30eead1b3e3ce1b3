package dev.featuremap.job.images.shard;

import java.io.Serializable;

/** What the driver learns of a shard when it is loaded. A plain class, since it travels. */
public final class ShardLoad implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String sha256;
  private final int images;
  private final BadRecords bad;
  private final long diskBytes;
  private final long decodeNanos;

  /**
   * A shard that is kept.
   *
   * @param sha256 digest of the shard
   * @param images how many it has
   * @param bad records that are left out
   * @param diskBytes what it takes of a local disk, 0 for pixels in memory
   * @param decodeNanos what decoding took if it will be done again, summed over threads; else 0
   */
  public ShardLoad(String sha256, int images, BadRecords bad, long diskBytes, long decodeNanos) {
    this.sha256 = sha256;
    this.images = images;
    this.bad = bad;
    this.diskBytes = diskBytes;
    this.decodeNanos = decodeNanos;
  }

  /** Digest of the shard. */
  public String sha256() {
    return sha256;
  }

  /** Its images. */
  public int images() {
    return images;
  }

  /** Its records that are left out. */
  BadRecords bad() {
    return bad;
  }

  /** What it takes of a local disk. */
  long diskBytes() {
    return diskBytes;
  }

  /** What decoding it took, summed over threads. */
  long decodeNanos() {
    return decodeNanos;
  }
}
