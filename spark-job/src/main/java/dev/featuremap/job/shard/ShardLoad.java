package dev.featuremap.job.shard;

import dev.featuremap.data.Shard;
import dev.featuremap.job.source.BadRecord;
import java.util.Arrays;
import java.util.List;

/** What the driver learns of a shard when it is loaded. A plain class, since it travels. */
public final class ShardLoad {
  private final String sha256;
  private final int images;
  private final int bad;
  private final BadRecord[] shown;

  private ShardLoad(String sha256, int images, int bad, BadRecord[] shown) {
    this.sha256 = sha256;
    this.images = images;
    this.bad = bad;
    this.shown = shown;
  }

  /** Sums up a shard and its bad records, which are in the order of their ids. */
  public static ShardLoad of(Shard shard, BadRecord[] bad) {
    BadRecord[] shown = Arrays.copyOf(bad, Math.min(bad.length, BadRecords.SHOWN));
    return new ShardLoad(shard.sha256(), shard.size(), bad.length, shown);
  }

  /** Digest of the shard. */
  public String sha256() {
    return sha256;
  }

  /** Its images. */
  public int images() {
    return images;
  }

  /** How many of its records are left out. */
  int bad() {
    return bad;
  }

  /** The first of them. */
  List<BadRecord> shown() {
    return List.of(shown);
  }
}
