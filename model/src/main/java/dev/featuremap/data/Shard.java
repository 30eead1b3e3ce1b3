package dev.featuremap.data;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * The images of one worker, addressable by position: chunks of {@link #CHUNK_IMAGES}, the last one
 * shorter.
 */
public final class Shard {
  /** Images in every chunk but the last. */
  public static final int CHUNK_IMAGES = 4096;

  private final List<ImageChunk> chunks;
  private final int size;

  /** A shard of chunks in the order of their positions. */
  public Shard(List<ImageChunk> chunks) {
    this.chunks = List.copyOf(chunks);
    int images = 0;
    for (ImageChunk chunk : chunks) {
      if (images % CHUNK_IMAGES != 0) {
        throw new IllegalArgumentException(
            "Cannot address a shard: every chunk but the last must hold %d images."
                .formatted(CHUNK_IMAGES));
      }
      if (chunk.size() > CHUNK_IMAGES) {
        throw new IllegalArgumentException(
            "Cannot address a shard: a chunk holds at most %d images, got %d."
                .formatted(CHUNK_IMAGES, chunk.size()));
      }
      images = Math.addExact(images, chunk.size());
    }
    this.size = images;
  }

  /** Images in the shard. */
  public int size() {
    return size;
  }

  /** The chunk that holds {@code position}. */
  public ImageChunk chunkOf(int position) {
    return chunks.get(position / CHUNK_IMAGES);
  }

  /** The index of {@code position} inside its chunk. */
  public static int indexInChunk(int position) {
    return position % CHUNK_IMAGES;
  }

  /** SHA-256 over the digests of the chunks in order, as lower-case hex. */
  public String sha256() {
    MessageDigest digest = Sha256.start();
    chunks.forEach(chunk -> digest.update(chunk.sha256()));
    return HexFormat.of().formatHex(digest.digest());
  }
}
