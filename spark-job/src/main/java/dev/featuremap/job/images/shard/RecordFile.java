package dev.featuremap.job.images.shard;

import dev.featuremap.image.Pixels;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.tensor.Shape;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Records on a local disk, written in any order and read by position; in memory there is nothing of
 * them. Threads may read at once.
 *
 * <p>Both files have no name from the start, so that their space is free again however the process
 * ends.
 */
final class RecordFile implements Closeable {
  /** Of an entry: offset and record id of 8 bytes, six numbers of 4. */
  private static final int ENTRY_BYTES = 40;

  private final Path path;
  private final FileChannel contents;
  private final FileChannel entries;
  private long end;

  private RecordFile(Path path, FileChannel contents, FileChannel entries) {
    this.path = path;
    this.contents = contents;
    this.entries = entries;
  }

  /**
   * An empty file.
   *
   * @param path of a file that does not exist, in a directory for files that may be lost
   * @throws JobException with {@code STORAGE_FAILED} if it cannot be written
   */
  static RecordFile create(Path path) {
    try {
      FileChannel contents = open(path);
      return new RecordFile(
          path, contents, open(path.resolveSibling(path.getFileName() + ".index")));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path,
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Keeps a record under a position; for one thread. */
  void write(int position, ShardRecord record) {
    byte[] place = record.place().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = record.content().bytes();
    ByteBuffer entry =
        ByteBuffer.allocate(ENTRY_BYTES)
            .putLong(end)
            .putLong(record.id())
            .putInt(record.label())
            .putInt(place.length)
            .putInt(bytes.length);
    putShape(record.content(), entry);
    try {
      end = write(contents, ByteBuffer.wrap(place), end);
      end = write(contents, ByteBuffer.wrap(bytes), end);
      write(entries, entry.flip(), entryAt(position));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** The record under a position. */
  ShardRecord read(int position) {
    try {
      ByteBuffer entry = read(entries, entryAt(position), ENTRY_BYTES);
      long offset = entry.getLong();
      long id = entry.getLong();
      int label = entry.getInt();
      int placeBytes = entry.getInt();
      byte[] place = read(contents, offset, placeBytes).array();
      byte[] bytes = read(contents, offset + placeBytes, entry.getInt()).array();
      return new ShardRecord(
          id, label, new String(place, StandardCharsets.UTF_8), content(entry, bytes));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** A file of some image format has no shape yet: its channels are 0. */
  private static void putShape(ImageContent content, ByteBuffer entry) {
    if (content instanceof ImageContent.Plain plain) {
      Shape shape = plain.image().shape();
      entry.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
    } else {
      entry.putInt(0).putInt(0).putInt(0);
    }
  }

  private static ImageContent content(ByteBuffer entry, byte[] bytes) {
    int channels = entry.getInt();
    return channels == 0
        ? new ImageContent.Encoded(bytes)
        : new ImageContent.Plain(
            new Pixels(new Shape(channels, entry.getInt(), entry.getInt()), bytes));
  }

  /** Gives the record under a position another one. */
  void move(int from, int to) {
    try {
      write(entries, read(entries, entryAt(from), ENTRY_BYTES), entryAt(to));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Bytes of the records. */
  long bytes() {
    return end;
  }

  private static long entryAt(int position) {
    return (long) position * ENTRY_BYTES;
  }

  private static long write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
    return next;
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("the file ends at " + channel.size());
      }
    }
    return bytes.flip();
  }

  private static JobException failure(Path path, IOException cause) {
    boolean full = StorageFault.of(cause) == StorageFault.FULL;
    return new JobException(
        full ? ExitCode.CANNOT_WRITE : ExitCode.STORAGE_FAILED,
        "Cannot keep encoded images in %s: %s. Make room there, or set spark.local.dir to a larger disk."
            .formatted(path.getParent(), cause.getMessage()),
        cause);
  }

  @Override
  public void close() throws IOException {
    contents.close();
    entries.close();
  }
}
