package dev.featuremap.job.images.shard;

import dev.featuremap.data.ImageChunk;
import java.io.Serializable;

/**
 * Some thousand images of a shard as Spark caches them; the first chunk also tells what is known of
 * the whole shard.
 */
final class ShardChunk implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ImageChunk images;
  private final BadRecords bad;

  ShardChunk(ImageChunk images, BadRecords bad) {
    this.images = images;
    this.bad = bad;
  }

  ImageChunk images() {
    return images;
  }

  BadRecords bad() {
    return bad;
  }
}
