package dev.featuremap.job.source;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.Path;

/**
 * All that a task must know to read a pair of IDX files.
 *
 * @param imagesAt bytes before the first image, when the file is not compressed
 * @param labelsAt bytes before the first label, when the file is not compressed
 * @param count images, and labels
 * @param classes how many classes the network tells apart
 */
record IdxRecords(
    Path images,
    long imagesAt,
    Path labels,
    long labelsAt,
    int channels,
    int height,
    int width,
    long count,
    int classes)
    implements Serializable {
  /** Pixels that a task holds at a time; a constant, so that chunks depend on the data alone. */
  private static final int BYTES_OF_A_RANGE = 8 << 20;

  /** True when a file can only be read from its start, since it is compressed. */
  boolean isSequential() {
    return IdxStream.isGzip(images) || IdxStream.isGzip(labels);
  }

  /** The shape of each image. */
  Shape shape() {
    return new Shape(channels, height, width);
  }

  /** The first record of each range, in order. */
  List<Long> starts() {
    return LongStream.iterate(0, start -> start < count, start -> start + recordsOfARange())
        .boxed()
        .toList();
  }

  /** The range that starts with the record {@code start}. */
  IdxRange range(long start) {
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
   * @throws JobException with {@code BAD_DATA} when a label is none of the network's classes
   */
  ImageChunk chunk(IdxRange range, byte[] labelBytes, byte[] pixels) {
    int[] classOf = new int[labelBytes.length];
    for (int index = 0; index < labelBytes.length; index++) {
      classOf[index] = Byte.toUnsignedInt(labelBytes[index]);
      if (classOf[index] >= classes) {
        throw JobException.badData(
            "Cannot use %s: the network has %d classes, got label %d at record %d, expected 0 to %d. %s"
                .formatted(
                    labels,
                    classes,
                    classOf[index],
                    range.from() + index,
                    classes - 1,
                    "Give the network's last layer more outputs, or mend the file."));
      }
    }
    return new ImageChunk(shape(), range.records(), classOf, pixels);
  }
}
