package dev.featuremap.job.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.source.BadRecord;
import dev.featuremap.job.source.ReadChunk;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * Puts the pieces of one worker, which arrive in any order, where they belong.
 *
 * <p>The shard is allocated once, in its final form; besides it, one piece is in memory at a time.
 * Bad records leave gaps, which close at the end: the others keep their order.
 */
final class ShardAssembly {
  private static final long NOT_YET = -1;
  private static final long BAD = -2;

  private final ShardLayout layout;
  private final int worker;
  private final Shape shape;
  private final long[][] records;
  private final int[][] labels;
  private final byte[][] pixels;
  private final List<BadRecord> bad = new ArrayList<>();
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
   * The shard of {@code worker} in the order of positions: chunks of {@link Shard#CHUNK_IMAGES}, of
   * which the first carries the bad records of all, in the order of their ids.
   *
   * @throws JobException with {@code BAD_DATA} unless each of its records came exactly once
   */
  static List<ReadChunk> assemble(ShardLayout layout, int worker, Iterator<ReadChunk> pieces) {
    if (!pieces.hasNext()) {
      throw failure(worker, "got none of %d records".formatted(layout.sizeOf(worker)));
    }
    ReadChunk piece = pieces.next();
    ShardAssembly assembly = new ShardAssembly(layout, worker, piece.images().shape());
    assembly.add(piece);
    while (pieces.hasNext()) {
      assembly.add(pieces.next());
    }
    return assembly.chunks();
  }

  private void add(ReadChunk piece) {
    for (BadRecord record : piece.bad()) {
      place(record.id(), BAD);
      bad.add(record);
    }
    ImageChunk images = piece.images();
    if (!images.shape().equals(shape)) {
      throw failure(worker, "got images of %s and of %s".formatted(shape, images.shape()));
    }
    for (int from = 0; from < images.size(); from++) {
      copy(images, from, place(images.record(from), images.record(from)));
    }
  }

  /** Marks the position of {@code record}, which is returned. */
  private int place(long record, long mark) {
    int position = layout.positionOf(record);
    long[] chunk = records[position / Shard.CHUNK_IMAGES];
    int index = Shard.indexInChunk(position);
    if (chunk[index] != NOT_YET) {
      throw failure(worker, "got record %d twice".formatted(record));
    }
    chunk[index] = mark;
    taken++;
    return position;
  }

  private void copy(ImageChunk images, int from, int position) {
    labels[position / Shard.CHUNK_IMAGES][Shard.indexInChunk(position)] = images.label(from);
    copyPixels(images.pixels(), from, position);
  }

  private void copyPixels(byte[] source, int from, int position) {
    byte[] target = pixels[position / Shard.CHUNK_IMAGES];
    int to = Shard.indexInChunk(position);
    System.arraycopy(source, from * shape.size(), target, to * shape.size(), shape.size());
  }

  private List<ReadChunk> chunks() {
    if (taken != layout.sizeOf(worker)) {
      throw failure(worker, "got %d of %d records".formatted(taken, layout.sizeOf(worker)));
    }
    int images = bad.isEmpty() ? taken : closeGaps();
    bad.sort(Comparator.comparingLong(BadRecord::id));
    List<ReadChunk> chunks = new ArrayList<>();
    for (int chunk = 0; chunk == 0 || chunk * Shard.CHUNK_IMAGES < images; chunk++) {
      ImageChunk whole =
          chunk(chunk, Math.min(Shard.CHUNK_IMAGES, images - chunk * Shard.CHUNK_IMAGES));
      // Now, so that a chunk that goes to disk takes its digest along.
      whole.sha256();
      chunks.add(
          new ReadChunk(whole, chunk == 0 ? bad.toArray(BadRecord[]::new) : new BadRecord[0]));
    }
    return chunks;
  }

  /** Moves images to the places of bad records before them; returns how many images there are. */
  private int closeGaps() {
    int to = 0;
    for (int from = 0; from < taken; from++) {
      int chunk = from / Shard.CHUNK_IMAGES;
      int index = Shard.indexInChunk(from);
      if (records[chunk][index] != BAD) {
        records[to / Shard.CHUNK_IMAGES][Shard.indexInChunk(to)] = records[chunk][index];
        labels[to / Shard.CHUNK_IMAGES][Shard.indexInChunk(to)] = labels[chunk][index];
        copyPixels(pixels[chunk], index, to);
        to++;
      }
    }
    return to;
  }

  private ImageChunk chunk(int chunk, int images) {
    return images == labels[chunk].length
        ? new ImageChunk(shape, records[chunk], labels[chunk], pixels[chunk])
        : new ImageChunk(
            shape,
            Arrays.copyOf(records[chunk], images),
            Arrays.copyOf(labels[chunk], images),
            Arrays.copyOf(pixels[chunk], images * shape.size()));
  }

  private static JobException failure(int worker, String got) {
    return JobException.badData(
        "Cannot assemble the shard of worker %d: each record must come exactly once, %s. %s"
            .formatted(worker, got, "Did the data change while it was read? Start again."));
  }
}
