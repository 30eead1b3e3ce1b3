package dev.featuremap.data;

import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 over the digests of a shard's chunks, from chunks or from images one by one. */
public final class ShardDigest {
  private final MessageDigest shard = Sha256.start();
  private final ImageDigest chunk = new ImageDigest();
  private int imagesOfChunk;

  /** Adds the next image of the shard. */
  public void add(ImageView image, int imageBytes) {
    chunk.add(image.record(), image.label(), image.pixels(), image.offset(), imageBytes);
    imagesOfChunk++;
    if (imagesOfChunk == MemoryShard.CHUNK_IMAGES) {
      endChunk();
    }
  }

  /** Adds the next whole chunk. */
  void addChunk(byte[] sha256) {
    shard.update(sha256);
  }

  /** The digest in lower-case hex; nothing can be added then. */
  public String hex() {
    if (imagesOfChunk > 0) {
      endChunk();
    }
    return HexFormat.of().formatHex(shard.digest());
  }

  private void endChunk() {
    addChunk(chunk.finish());
    imagesOfChunk = 0;
  }
}
