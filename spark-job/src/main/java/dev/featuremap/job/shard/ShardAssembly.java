package dev.featuremap.job.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Puts the pieces of one worker, which arrive in any order, where they belong.
 *
 * <p>The shard is allocated once, in its final form; besides it, one piece is in memory at a time.
 */
final class ShardAssembly {
  private static final long NOT_YET = -1;

  private final ShardLayout layout;
  private final int worker;
  private final Shape shape;
  private final long[][] records;
  private final int[][] labels;
  private final byte[][] pixels;
  private int taken;

  private ShardAssembly(ShardLayout layout, int worker, Shape shape) {
    this.layout = layout;
    this.worker = worker;
    this.shape = shape;
    int size = layout.sizeOf(worker);
    int chunks = (size - 1) / Shard.CHUNK_IMAGES + 1;
    this.records = new long[chunks][];
    this.labels = new int[chunks][];
    this.pixels = new byte[chunks][];
    for (int chunk = 0; chunk < chunks; chunk++) {
      int images = Math.min(Shard.CHUNK_IMAGES, size - chunk * Shard.CHUNK_IMAGES);
      records[chunk] = new long[images];
      Arrays.fill(records[chunk], NOT_YET);
      labels[chunk] = new int[images];
      pixels[chunk] = new byte[images * shape.size()];
    }
  }

  /**
   * The shard of {@code worker} in the order of positions: chunks of {@link Shard#CHUNK_IMAGES}.
   *
   * @throws JobException with {@code BAD_DATA} unless each of its records came exactly once
   */
  static List<ImageChunk> assemble(ShardLayout layout, int worker, Iterator<ImageChunk> pieces) {
    if (!pieces.hasNext()) {
      throw failure(worker, "got none of %d records".formatted(layout.sizeOf(worker)));
    }
    ImageChunk piece = pieces.next();
    ShardAssembly assembly = new ShardAssembly(layout, worker, piece.shape());
    assembly.add(piece);
    while (pieces.hasNext()) {
      assembly.add(pieces.next());
    }
    return assembly.chunks();
  }

  private void add(ImageChunk piece) {
    if (!piece.shape().equals(shape)) {
      throw failure(worker, "got images of %s and of %s".formatted(shape, piece.shape()));
    }
    int imageBytes = shape.size();
    for (int from = 0; from < piece.size(); from++) {
      int position = layout.positionOf(piece.record(from));
      int chunk = position / Shard.CHUNK_IMAGES;
      int to = Shard.indexInChunk(position);
      if (records[chunk][to] != NOT_YET) {
        throw failure(worker, "got record %d twice".formatted(piece.record(from)));
      }
      records[chunk][to] = piece.record(from);
      labels[chunk][to] = piece.label(from);
      System.arraycopy(
          piece.pixels(), from * imageBytes, pixels[chunk], to * imageBytes, imageBytes);
      taken++;
    }
  }

  private List<ImageChunk> chunks() {
    if (taken != layout.sizeOf(worker)) {
      throw failure(worker, "got %d of %d records".formatted(taken, layout.sizeOf(worker)));
    }
    List<ImageChunk> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < records.length; chunk++) {
      ImageChunk whole = new ImageChunk(shape, records[chunk], labels[chunk], pixels[chunk]);
      // Now, so that a chunk that goes to disk takes its digest along.
      whole.sha256();
      chunks.add(whole);
    }
    return chunks;
  }

  private static JobException failure(int worker, String got) {
    return JobException.badData(
        "Cannot assemble the shard of worker %d: each record must come exactly once, %s. %s"
            .formatted(worker, got, "Did the data change while it was read? Start again."));
  }
}
