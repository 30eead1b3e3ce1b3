package dev.featuremap.job.source;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects records up to the size at which a chunk travels well. */
final class ChunkBuilder {
  /** Pixels that a task holds at a time; a constant, so that chunks depend on the data alone. */
  private static final int BYTES_OF_A_CHUNK = 8 << 20;

  private final Shape shape;
  private final long[] records;
  private final int[] labels;
  private final byte[] pixels;
  private final List<BadRecord> bad = new ArrayList<>();
  private int images;

  ChunkBuilder(Shape shape) {
    int most = Math.max(1, Math.min(Shard.CHUNK_IMAGES, BYTES_OF_A_CHUNK / shape.size()));
    this.shape = shape;
    this.records = new long[most];
    this.labels = new int[most];
    this.pixels = new byte[most * shape.size()];
  }

  void add(long record, int label, byte[] image) {
    records[images] = record;
    labels[images] = label;
    System.arraycopy(image, 0, pixels, images * shape.size(), shape.size());
    images++;
  }

  void add(BadRecord record) {
    bad.add(record);
  }

  boolean isFull() {
    return images == records.length || bad.size() == Shard.CHUNK_IMAGES;
  }

  /** What was collected; the builder is empty then. */
  ReadChunk take() {
    ReadChunk chunk =
        new ReadChunk(
            new ImageChunk(
                shape,
                Arrays.copyOf(records, images),
                Arrays.copyOf(labels, images),
                Arrays.copyOf(pixels, images * shape.size())),
            bad.toArray(BadRecord[]::new));
    images = 0;
    bad.clear();
    return chunk;
  }
}
