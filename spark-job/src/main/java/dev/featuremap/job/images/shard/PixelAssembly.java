package dev.featuremap.job.images.shard;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Decodes the records of one worker, which arrive in any order, and puts them where they belong.
 *
 * <p>The shard is allocated once, in its final form; besides it, one piece is in memory at a time.
 * Bad records leave gaps, which close at the end: the others keep their order.
 */
final class PixelAssembly {
  private static final int CHUNK_IMAGES = MemoryShard.CHUNK_IMAGES;
  private static final long BAD = -1;

  private final ExactlyOnce arrivals;
  private final ImageReading reading;
  private final int size;
  private final int imageBytes;
  private final long[][] records;
  private final int[][] labels;
  private final byte[][] pixels;
  private BadRecords bad = BadRecords.NONE;

  private PixelAssembly(ShardLayout layout, int worker, ImageReading reading) {
    this.arrivals = new ExactlyOnce(layout, worker);
    this.reading = reading;
    this.size = layout.sizeOf(worker);
    this.imageBytes = reading.shape().size();
    int chunks = (size - 1) / CHUNK_IMAGES + 1;
    this.records = new long[chunks][];
    this.labels = new int[chunks][];
    this.pixels = new byte[chunks][];
    for (int chunk = 0; chunk < chunks; chunk++) {
      int images = Math.min(CHUNK_IMAGES, size - chunk * CHUNK_IMAGES);
      records[chunk] = new long[images];
      Arrays.fill(records[chunk], BAD);
      labels[chunk] = new int[images];
      pixels[chunk] = new byte[images * imageBytes];
    }
  }

  /**
   * The shard of {@code worker} in the order of positions, as chunks of which the first tells of
   * the bad records of all.
   *
   * @throws JobException with {@code BAD_DATA} unless each of its records came exactly once
   */
  static List<ShardChunk> assemble(
      ShardLayout layout, int worker, ImageReading reading, Iterator<RecordPiece> pieces) {
    PixelAssembly assembly = new PixelAssembly(layout, worker, reading);
    pieces.forEachRemaining(assembly::add);
    assembly.arrivals.requireAll();
    return assembly.chunks();
  }

  private void add(RecordPiece piece) {
    for (BadRecord record : piece.bad()) {
      arrivals.positionOf(record.id());
      bad = bad.with(record);
    }
    for (ShardRecord record : piece.records()) {
      add(record);
    }
  }

  private void add(ShardRecord record) {
    int position = arrivals.positionOf(record.id());
    DecodedImage image = DecodedImage.of(record, reading);
    if (image.bad().isPresent()) {
      bad = bad.with(image.bad().get());
      return;
    }
    copyPixels(image.pixels(), 0, position);
    records[position / CHUNK_IMAGES][position % CHUNK_IMAGES] = image.id();
    labels[position / CHUNK_IMAGES][position % CHUNK_IMAGES] = image.label();
  }

  private void copyPixels(byte[] source, int from, int position) {
    byte[] target = pixels[position / CHUNK_IMAGES];
    int to = position % CHUNK_IMAGES;
    System.arraycopy(source, from * imageBytes, target, to * imageBytes, imageBytes);
  }

  private List<ShardChunk> chunks() {
    int images = bad.count() == 0 ? size : closeGaps();
    List<ShardChunk> chunks = new ArrayList<>();
    for (int chunk = 0; chunk == 0 || chunk * CHUNK_IMAGES < images; chunk++) {
      ImageChunk whole = chunk(chunk, Math.min(CHUNK_IMAGES, images - chunk * CHUNK_IMAGES));
      // Now, so that a chunk that goes to disk takes its digest along.
      whole.sha256();
      chunks.add(new ShardChunk(whole, chunk == 0 ? bad : BadRecords.NONE));
    }
    return chunks;
  }

  /** Moves images to the places of bad records before them; returns how many images there are. */
  private int closeGaps() {
    int to = 0;
    for (int from = 0; from < size; from++) {
      int chunk = from / CHUNK_IMAGES;
      int index = from % CHUNK_IMAGES;
      if (records[chunk][index] != BAD) {
        records[to / CHUNK_IMAGES][to % CHUNK_IMAGES] = records[chunk][index];
        labels[to / CHUNK_IMAGES][to % CHUNK_IMAGES] = labels[chunk][index];
        copyPixels(pixels[chunk], index, to);
        to++;
      }
    }
    return to;
  }

  private ImageChunk chunk(int chunk, int images) {
    return images == labels[chunk].length
        ? new ImageChunk(reading.shape(), records[chunk], labels[chunk], pixels[chunk])
        : new ImageChunk(
            reading.shape(),
            Arrays.copyOf(records[chunk], images),
            Arrays.copyOf(labels[chunk], images),
            Arrays.copyOf(pixels[chunk], images * imageBytes));
  }
}
