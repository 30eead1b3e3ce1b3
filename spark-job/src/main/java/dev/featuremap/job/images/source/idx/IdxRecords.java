package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.images.decode.Pixels;
import dev.featuremap.job.images.source.Content;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.Path;

/**
 * All that a task must know to read a pair of IDX files.
 *
 * @param imagesAt bytes before the first image, when the file is not compressed
 * @param labelsAt bytes before the first label, when the file is not compressed
 * @param count images, and labels
 */
public record IdxRecords(
    Path images,
    long imagesAt,
    Path labels,
    long labelsAt,
    int channels,
    int height,
    int width,
    long count)
    implements Serializable {
  /** Pixels that a task reads at a time. */
  private static final int BYTES_OF_A_RANGE = 8 << 20;

  /** So that starting a task is little beside what it does. */
  private static final int RANGES_OF_A_TASK = 4;

  private static final int TASKS_OF_A_CORE = 3;

  /** True when a file can only be read from its start, since it is compressed. */
  public boolean isSequential() {
    return IdxStream.isGzip(images) || IdxStream.isGzip(labels);
  }

  /** The shape of each image. */
  Shape shape() {
    return new Shape(channels, height, width);
  }

  /** The first record of each range, in order. */
  public List<Long> starts() {
    return LongStream.iterate(0, start -> start < count, start -> start + recordsOfARange())
        .boxed()
        .toList();
  }

  /**
   * How many tasks read the ranges.
   *
   * @param cores of all executors
   */
  int tasks(int cores) {
    int ranges = starts().size();
    int full = (ranges + RANGES_OF_A_TASK - 1) / RANGES_OF_A_TASK;
    return Math.max(full, Math.min(ranges, TASKS_OF_A_CORE * cores));
  }

  /** The range that starts with the record {@code start}. */
  public IdxRange range(long start) {
    return new IdxRange(start, Math.min(count, start + recordsOfARange()));
  }

  private int recordsOfARange() {
    return Math.max(1, BYTES_OF_A_RANGE / shape().size());
  }

  /** Where an image begins in a file that is not compressed. */
  long imageOffset(long record) {
    return imagesAt + record * shape().size();
  }

  /** Where a label lies in a file that is not compressed. */
  long labelOffset(long record) {
    return labelsAt + record;
  }

  /**
   * Joins what was read of a range.
   *
   * @param labelBytes one unsigned byte a record
   * @param pixels {@code [record, channel, row, column]}
   */
  Iterator<SourceRecord> join(IdxRange range, byte[] labelBytes, byte[] pixels) {
    String place = labels.toString();
    Shape shape = shape();
    return IntStream.range(0, range.size())
        .mapToObj(
            index ->
                new SourceRecord(
                    range.from() + index,
                    place,
                    Integer.toString(Byte.toUnsignedInt(labelBytes[index])),
                    new Content.Plain(new Pixels(shape, image(pixels, index, shape.size())))))
        .iterator();
  }

  private static byte[] image(byte[] pixels, int index, int size) {
    return Arrays.copyOfRange(pixels, index * size, (index + 1) * size);
  }
}
