package dev.featuremap.job.images.source.idx;

import dev.featuremap.data.MemoryShard;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.tensor.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * An IDX file whose head has been read and checked. A head is four bytes {@code 0 0 type
 * dimensions}, then the size of each dimension as a big-endian unsigned 32-bit number; the first
 * dimension counts records. Travels.
 *
 * @param path fully qualified
 * @param sizes the size of each dimension; all but the first are at least 1
 */
record IdxFile(Path path, Kind kind, List<Long> sizes) implements Serializable {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int INTEGER = 0x0c;
  private static final int GZIP = 0x1f8b;

  /** A chunk of a shard is one Java array. */
  static final int MOST_BYTES_OF_AN_IMAGE = (Integer.MAX_VALUE - 8) / MemoryShard.CHUNK_IMAGES;

  /** The kinds of files that are read. */
  enum Kind {
    /** {@code [images, rows, columns]} or {@code [images, channels, rows, columns]}. */
    IMAGES(UNSIGNED_BYTE, 3, 4, "0x00000803 or 0x00000804"),
    /** {@code [labels]}. */
    LABELS(UNSIGNED_BYTE, 1, 1, "0x00000801"),
    /**
     * {@code [labels, columns]} of QMNIST; the first of the 32-bit numbers of each is its class.
     */
    EXTENDED(INTEGER, 2, 2, "0x00000c02");

    private final int type;
    private final int fewestDimensions;
    private final int mostDimensions;
    private final String magics;

    Kind(int type, int fewestDimensions, int mostDimensions, String magics) {
      this.type = type;
      this.fewestDimensions = fewestDimensions;
      this.mostDimensions = mostDimensions;
      this.magics = magics;
    }

    private int valueBytes() {
      return type == INTEGER ? Integer.BYTES : 1;
    }

    /** What the records of such a file are called in messages. */
    String plural() {
      return this == IMAGES ? "images" : "labels";
    }
  }

  /**
   * Reads a file's head; of a file that is not compressed, compares the length too.
   *
   * @throws JobException with {@code BAD_DATA} when it is not such a file, {@code MISSING_INPUT}
   *     when it cannot be opened, {@code STORAGE_FAILED} otherwise
   */
  static IdxFile open(Configuration configuration, Path path, Kind kind) {
    Path qualified = DataFolder.qualify(configuration, path);
    try (IdxStream stream = IdxStream.open(configuration, qualified, kind)) {
      if (!IdxStream.isGzip(qualified)) {
        stream
            .file()
            .checkLength(
                FileSystems.of(qualified, configuration).getFileStatus(qualified).getLen());
      }
      return stream.file();
    } catch (IOException e) {
      throw ReadFailure.of(qualified, e);
    }
  }

  /**
   * Reads the head of a file and checks all that can be known from it.
   *
   * @throws JobException with {@code BAD_DATA} for another kind of file, no records, or records of
   *     no or unreasonable size
   */
  static IdxFile read(DataInputStream in, Path path, Kind kind) throws IOException {
    int magic = in.readInt();
    int dimensions = magic & 0xff;
    if (magic >>> 8 != kind.type
        || dimensions < kind.fewestDimensions
        || dimensions > kind.mostDimensions) {
      throw failure(
          "Cannot read %s: a file of %s begins with %s, got 0x%08x (%s).",
          path, kind.plural(), kind.magics, magic, describe(magic));
    }
    List<Long> sizes = new ArrayList<>();
    for (int dimension = 0; dimension < dimensions; dimension++) {
      sizes.add(Integer.toUnsignedLong(in.readInt()));
    }
    IdxFile file = new IdxFile(path, kind, sizes);
    file.checkSizes();
    return file;
  }

  private void checkSizes() {
    if (records() == 0) {
      throw failure("Cannot read %s: expected at least 1 record, got 0 %s.", path, kind.plural());
    }
    long bytes = kind.valueBytes();
    for (long size : sizes.subList(1, sizes.size())) {
      bytes *= size;
      if (bytes < 1 || bytes > MOST_BYTES_OF_AN_IMAGE) {
        throw failure(
            "Cannot read %s: an image must have 1 to %d bytes, got dimensions %s. Make the images"
                + " smaller, or fetch the file again if it should be smaller.",
            path, MOST_BYTES_OF_AN_IMAGE, sizes);
      }
    }
  }

  private void checkLength(long length) {
    if (length != bytes()) {
      throw failure(
          "Cannot read %s: its head promises %d %s, expected %d bytes, got %d. %s",
          path,
          records(),
          kind.plural(),
          bytes(),
          length,
          length < bytes()
              ? "It is truncated: fetch it again."
              : (length - bytes())
                  + " bytes trail the last record: fetch it again or remove them.");
    }
  }

  /** How many records the file promises. */
  long records() {
    return sizes.get(0);
  }

  /** Bytes of one record: one for a label. */
  int recordBytes() {
    return Math.toIntExact(
        sizes.stream().skip(1).reduce((long) kind.valueBytes(), Math::multiplyExact));
  }

  /** Where a record begins in a file that is not compressed; after the last one, its length. */
  long offset(long record) {
    return Integer.BYTES * (1L + sizes.size()) + record * recordBytes();
  }

  /** The length the file must have when it is not compressed. */
  long bytes() {
    return offset(records());
  }

  /** The shape of an image; three dimensions mean one channel. */
  Shape shape() {
    int last = sizes.size() - 1;
    return new Shape(sizes.size() == 4 ? axis(1) : 1, axis(last - 1), axis(last));
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
    return type + " in " + dimensions + (dimensions == 1 ? " dimension" : " dimensions");
  }

  static JobException failure(String format, Object... arguments) {
    return JobException.badData(String.format(Locale.ROOT, format, arguments));
  }
}
