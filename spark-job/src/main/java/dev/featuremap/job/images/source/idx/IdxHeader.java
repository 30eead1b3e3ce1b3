package dev.featuremap.job.images.source.idx;

import dev.featuremap.data.MemoryShard;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.tensor.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * The head of an IDX file: four bytes {@code 0 0 type dimensions}, then the size of each dimension
 * as a big-endian unsigned 32-bit number. The first dimension counts records.
 *
 * @param sizes the size of each dimension; all but the first are at least 1
 */
record IdxHeader(IdxKind kind, List<Long> sizes) {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int GZIP = 0x1f8b;

  /** A chunk of a shard is one Java array. */
  static final int MOST_BYTES_OF_AN_IMAGE = (Integer.MAX_VALUE - 8) / MemoryShard.CHUNK_IMAGES;

  /**
   * Reads the head of a file and checks all that can be known from it.
   *
   * @throws JobException with {@code BAD_DATA} for another kind of file, no records, or records of
   *     no or unreasonable size
   */
  static IdxHeader read(DataInputStream in, Path file, IdxKind kind) throws IOException {
    int magic = in.readInt();
    int dimensions = magic & 0xff;
    if (magic >>> 8 != UNSIGNED_BYTE || !kind.hasDimensions(dimensions)) {
      throw JobException.badData(
          "Cannot read %s: a file of %s begins with %s, got 0x%08x (%s)."
              .formatted(file, kind.plural(), kind.magics(), magic, describe(magic)));
    }
    List<Long> sizes = new ArrayList<>();
    for (int dimension = 0; dimension < dimensions; dimension++) {
      sizes.add(Integer.toUnsignedLong(in.readInt()));
    }
    IdxHeader header = new IdxHeader(kind, List.copyOf(sizes));
    header.check(file);
    return header;
  }

  private void check(Path file) {
    if (records() == 0) {
      throw JobException.badData(
          "Cannot read %s: expected at least 1 record, got 0 %s.".formatted(file, kind.plural()));
    }
    long bytes = 1;
    for (long size : sizes.subList(1, sizes.size())) {
      bytes *= size;
      if (bytes < 1 || bytes > MOST_BYTES_OF_AN_IMAGE) {
        throw JobException.badData(
            "Cannot read %s: an image must have 1 to %d bytes, got dimensions %s. %s"
                .formatted(
                    file,
                    MOST_BYTES_OF_AN_IMAGE,
                    sizes,
                    "Make the images smaller, or fetch the file again if it should be smaller."));
      }
    }
  }

  /** Bytes before the first record. */
  int bytes() {
    return Integer.BYTES * (1 + sizes.size());
  }

  /** How many records the file promises. */
  long records() {
    return sizes.get(0);
  }

  /** Bytes of one record: one for a label. */
  int recordBytes() {
    return Math.toIntExact(sizes.stream().skip(1).reduce(1L, Math::multiplyExact));
  }

  /** The length the file must have when it is not compressed. */
  long fileBytes() {
    return bytes() + records() * recordBytes();
  }

  /** The shape of an image; three dimensions mean one channel. */
  Shape shape() {
    int last = sizes.size() - 1;
    int channels = sizes.size() == 4 ? axis(1) : 1;
    return new Shape(channels, axis(last - 1), axis(last));
  }

  private int axis(int dimension) {
    return Math.toIntExact(sizes.get(dimension));
  }

  private static String describe(int magic) {
    if (magic >>> 16 == GZIP) {
      return "gzip data: let the file's name end in .gz";
    }
    if (magic >>> 16 != 0) {
      return "not an IDX file";
    }
    String type =
        switch (magic >>> 8) {
          case UNSIGNED_BYTE -> "unsigned bytes";
          case 0x09 -> "signed bytes";
          case 0x0b -> "16-bit integers";
          case 0x0c -> "32-bit integers";
          case 0x0d -> "32-bit floats";
          case 0x0e -> "64-bit floats";
          default -> "an unknown type";
        };
    int dimensions = magic & 0xff;
    return "%s in %d dimension%s".formatted(type, dimensions, dimensions == 1 ? "" : "s");
  }
}
