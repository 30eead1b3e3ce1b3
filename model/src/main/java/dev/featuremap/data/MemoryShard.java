package dev.featuremap.data;

import java.util.List;

/** A shard in memory: chunks of {@link #CHUNK_IMAGES}, the last one shorter. */
public final class MemoryShard implements Shard {
  /** Images in every chunk but the last. */
  public static final int CHUNK_IMAGES = 4096;

  private final List<ImageChunk> chunks;
  private final int size;

  /** A shard of chunks in the order of their positions. */
  public MemoryShard(List<ImageChunk> chunks) {
    this.chunks = List.copyOf(chunks);
    int images = 0;
    for (ImageChunk chunk : chunks) {
      if (images % CHUNK_IMAGES != 0) {
        throw new IllegalArgumentException(
            "Cannot address a shard: every chunk but the last must hold %s images."
                .formatted(CHUNK_IMAGES));
      }
      if (chunk.size() > CHUNK_IMAGES) {
        throw new IllegalArgumentException(
            "Cannot address a shard: a chunk holds at most %s images, got %s."
                .formatted(CHUNK_IMAGES, chunk.size()));
      }
      images = Math.addExact(images, chunk.size());
    }
    this.size = images;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String sha256() {
    ShardDigest digest = new ShardDigest();
    chunks.forEach(chunk -> digest.addChunk(chunk.sha256()));
    return digest.hex();
  }

  @Override
  public ImagePass pass(EpochOrder order, int from, int to) {
    return new Pass(order);
  }

  /** Nothing has to be made ready. */
  private final class Pass implements ImagePass {
    private final EpochOrder order;

    Pass(EpochOrder order) {
      this.order = order;
    }

    @Override
    public void advance(int from, int count) {}

    @Override
    public void find(int place, ImageView view) {
      int position = order.position(place);
      ImageChunk chunk = chunks.get(position / CHUNK_IMAGES);
      int index = position % CHUNK_IMAGES;
      view.show(
          chunk.pixels(), index * chunk.imageBytes(), chunk.label(index), chunk.record(index));
    }

    @Override
    public void close() {}
  }
}
