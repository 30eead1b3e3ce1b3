package dev.featuremap.job.images.shard;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What it takes to keep images encoded.
 *
 * @param images how many there are
 * @param diskBytes of local disks, of all executors
 * @param decodedPerSecond images that one thread decoded in a second while they were loaded
 */
public record EncodedSummary(long images, long diskBytes, double decodedPerSecond) {

  /** That of all shards; empty if they are kept as pixels. */
  public static Optional<EncodedSummary> of(List<ShardLoad> loads) {
    long diskBytes = loads.stream().mapToLong(ShardLoad::diskBytes).sum();
    if (diskBytes == 0) {
      return Optional.empty();
    }
    long images = loads.stream().mapToLong(ShardLoad::images).sum();
    double seconds = loads.stream().mapToLong(ShardLoad::decodeNanos).sum() / 1e9;
    return Optional.of(new EncodedSummary(images, diskBytes, images / seconds));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d images are kept encoded: %,d MiB of local disks, a thread decodes %,.0f images/s",
        images,
        ((diskBytes - 1) >> 20) + 1,
        decodedPerSecond);
  }
}
