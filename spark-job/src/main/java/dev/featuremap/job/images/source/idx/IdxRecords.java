package dev.featuremap.job.images.source.idx;

import dev.featuremap.image.Pixels;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.tensor.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The records of a pair of IDX files, read a range of neighbours at a time. Travels.
 *
 * @param images as many as {@code labels}
 * @param transposed whether rows of the file are columns of the images, as in EMNIST
 */
public record IdxRecords(IdxFile images, IdxFile labels, boolean transposed)
    implements Serializable {
  /** Pixels that a task reads at a time. */
  private static final int BYTES_OF_A_RANGE = 8 << 20;

  /** So that starting a task is little beside what it does. */
  private static final int RANGES_OF_A_TASK = 4;

  private static final int TASKS_OF_A_CORE = 3;

  /** True when a file can only be read from its start, since it is compressed. */
  public boolean isSequential() {
    return IdxStream.isGzip(images.path()) || IdxStream.isGzip(labels.path());
  }

  /** The first record of each range, in order. */
  public List<Long> starts() {
    return LongStream.iterate(
            0, start -> start < images.records(), start -> start + recordsOfARange())
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

  private int recordsOfARange() {
    return Math.max(1, BYTES_OF_A_RANGE / images.recordBytes());
  }

  /** How many records the range has that starts with {@code start}. */
  private int size(long start) {
    return (int) Math.min(images.records() - start, recordsOfARange());
  }

  /** The range that starts with {@code start}, of files that are not compressed. */
  public Iterator<SourceRecord> range(Configuration configuration, long start) {
    return join(
        start,
        read(configuration, labels, start, size(start)),
        read(configuration, images, start, size(start)));
  }

  private static byte[] read(Configuration configuration, IdxFile file, long from, int count) {
    byte[] bytes = new byte[count * file.recordBytes()];
    try (FSDataInputStream in = FileSystems.of(file.path(), configuration).open(file.path())) {
      in.readFully(file.offset(from), bytes);
      return bytes;
    } catch (IOException e) {
      throw ReadFailure.of(file.path(), e);
    }
  }

  /** All records, one range in memory; the caller closes it. */
  public Sequence sequence(Configuration configuration) {
    return new Sequence(configuration);
  }

  private Iterator<SourceRecord> join(long start, byte[] labelBytes, byte[] pixels) {
    String place = labels.path().toString();
    Shape shape = images.shape();
    int size = shape.size();
    int labelSize = labels.recordBytes();
    ByteBuffer numbers = ByteBuffer.wrap(labelBytes);
    return IntStream.range(0, labelBytes.length / labelSize)
        .mapToObj(
            index ->
                new SourceRecord(
                    start + index,
                    place,
                    Integer.toString(
                        labelSize == 1
                            ? Byte.toUnsignedInt(labelBytes[index])
                            : numbers.getInt(index * labelSize)),
                    new ImageContent.Plain(
                        image(
                            shape, Arrays.copyOfRange(pixels, index * size, (index + 1) * size)))))
        .iterator();
  }

  private Pixels image(Shape shape, byte[] values) {
    int width = shape.width();
    if (!transposed) {
      return new Pixels(shape, values);
    }
    byte[] turned = new byte[values.length];
    int area = width * width;
    for (int place = 0; place < values.length; place++) {
      int row = place % area / width;
      turned[place - place % area + place % width * width + row] = values[place];
    }
    return new Pixels(shape, turned);
  }

  /** Both files from start to end, in step. */
  public final class Sequence implements Iterator<SourceRecord>, Closeable {
    private final IdxStream imageStream;
    private final IdxStream labelStream;
    private Iterator<SourceRecord> range = Collections.emptyIterator();
    private long next;

    private Sequence(Configuration configuration) {
      this.imageStream = open(configuration, images);
      try {
        this.labelStream = open(configuration, labels);
      } catch (RuntimeException e) {
        closeOne(imageStream);
        throw e;
      }
    }

    private static IdxStream open(Configuration configuration, IdxFile file) {
      try {
        return IdxStream.open(configuration, file.path(), file.kind());
      } catch (IOException e) {
        throw ReadFailure.of(file.path(), e);
      }
    }

    @Override
    public boolean hasNext() {
      return range.hasNext() || next < images.records();
    }

    @Override
    public SourceRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException("All " + next + " records are read.");
      }
      if (!range.hasNext()) {
        int size = size(next);
        range = join(next, labelStream.read(size), imageStream.read(size));
        next += size;
      }
      return range.next();
    }

    @Override
    public void close() {
      closeOne(imageStream);
      closeOne(labelStream);
    }

    private static void closeOne(IdxStream stream) {
      try {
        stream.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
