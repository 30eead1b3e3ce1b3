package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.GzipMembers;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An IDX file read from its head to its end, decompressed when its name ends in {@code .gz}. */
final class IdxStream implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final DataInputStream in;
  private final IdxFile file;
  private long next;

  private IdxStream(DataInputStream in, IdxFile file) {
    this.in = in;
    this.file = file;
  }

  static boolean isGzip(Path path) {
    return path.getName().endsWith(".gz");
  }

  /** Opens a file and reads its head; the caller closes it. */
  static IdxStream open(Configuration configuration, Path path, IdxFile.Kind kind)
      throws IOException {
    InputStream bytes = FileSystems.of(path, configuration).open(path);
    try {
      DataInputStream in =
          new DataInputStream(
              isGzip(path) ? new GzipMembers(bytes) : new BufferedInputStream(bytes, BUFFER_BYTES));
      return new IdxStream(in, IdxFile.read(in, path, kind));
    } catch (EOFException e) {
      bytes.close();
      throw new JobException(
          ExitCode.BAD_DATA,
          "Cannot read %s: it ends within the head of an IDX file. It is truncated or empty: %s"
              .formatted(path, "fetch it again."),
          e);
    } catch (IOException | JobException e) {
      bytes.close();
      throw e;
    }
  }

  /** What the head says. */
  IdxFile file() {
    return file;
  }

  /** The next records; memory grows with what is there, not with what the head promises. */
  byte[] read(int records) {
    try {
      int count = records * file.recordBytes();
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw IdxFile.failure(
            "Cannot read %s: its content is truncated, expected %d bytes, got %d. Fetch it again.",
            file.path(), file.bytes(), file.offset(next) + bytes.length);
      }
      next += records;
      // Reading on after the last record also makes gzip verify its checksum.
      if (next == file.records() && in.read() >= 0) {
        throw IdxFile.failure(
            "Cannot read %s: its content goes on after the %d %s of its head, expected %d bytes.",
            file.path(), file.records(), file.kind().plural(), file.bytes());
      }
      return bytes;
    } catch (IOException e) {
      throw ReadFailure.of(file.path(), e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
