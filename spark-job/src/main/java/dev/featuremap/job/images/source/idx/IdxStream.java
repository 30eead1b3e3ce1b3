package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** An IDX file read from its head to its end, decompressed when its name ends in {@code .gz}. */
final class IdxStream implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final DataInputStream in;
  private final IdxHeader header;
  private long position;

  private IdxStream(Path path, DataInputStream in, IdxHeader header) {
    this.path = path;
    this.in = in;
    this.header = header;
    this.position = header.bytes();
  }

  static boolean isGzip(Path path) {
    return path.getName().endsWith(".gz");
  }

  /** Opens a file and reads its head; the caller closes it. */
  static IdxStream open(Configuration configuration, Path path, IdxKind kind) throws IOException {
    InputStream file = path.getFileSystem(configuration).open(path);
    try {
      InputStream content =
          isGzip(path)
              ? new GZIPInputStream(file, BUFFER_BYTES)
              : new BufferedInputStream(file, BUFFER_BYTES);
      DataInputStream in = new DataInputStream(content);
      return new IdxStream(path, in, IdxHeader.read(in, path, kind));
    } catch (EOFException e) {
      file.close();
      throw endedInHead(path, e);
    } catch (IOException | JobException e) {
      file.close();
      throw e;
    }
  }

  private static JobException endedInHead(Path path, EOFException cause) {
    return new JobException(
        ExitCode.BAD_DATA,
        "Cannot read %s: it ends within the head of an IDX file. It is truncated or empty: %s"
            .formatted(path, "fetch it again."),
        cause);
  }

  IdxHeader header() {
    return header;
  }

  /** The next bytes; memory grows with what is there, not with what the head promises. */
  byte[] read(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    position += bytes.length;
    if (bytes.length < count) {
      throw JobException.badData(
          "Cannot read %s: its content is truncated, expected %d bytes, got %d. Fetch it again."
              .formatted(path, header.fileBytes(), position));
    }
    return bytes;
  }

  /** Checks that no byte follows, which also makes gzip verify its checksum. */
  void expectEnd() throws IOException {
    if (in.read() >= 0) {
      throw JobException.badData(
          "Cannot read %s: its content goes on after the %d %s of its head, expected %d bytes."
              .formatted(path, header.records(), header.kind().plural(), header.fileBytes()));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
