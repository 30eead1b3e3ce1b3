package dev.featuremap.job.images.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The content of a gzip file: of all its members, one after the other, padded with zeros or not.
 *
 * <p>The JDK's own stream believes that a file ends with a member when its source says that nothing
 * is available at once, as that of an object store may. It also takes anything for the end that
 * does not begin like a member; here that is damage.
 */
public final class GzipMembers extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int FIRST_MAGIC = 0x1f;

  private final Source source;
  private final BufferedInputStream in;
  private InputStream member;

  /**
   * Reads the head of the first member.
   *
   * @param in is closed with this stream
   * @throws ZipException if the file is not one of gzip
   * @throws EOFException if it is empty, or ends within the head
   */
  public GzipMembers(InputStream in) throws IOException {
    this.source = new Source(in);
    // One that can go back: the library then leaves what follows a member.
    this.in = new BufferedInputStream(source, BUFFER_BYTES);
    if (peek() < 0) {
      throw new EOFException("the file is empty");
    }
    open("Not in GZIP format");
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      int got = readMember(bytes, offset, length);
      if (got >= 0 || !goOn()) {
        return got;
      }
    }
  }

  private int readMember(byte[] bytes, int offset, int length) throws IOException {
    try {
      return member.read(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e, "Corrupt GZIP trailer");
    }
  }

  /** Goes to the next member; false at the end of the file. */
  private boolean goOn() throws IOException {
    int next = peek();
    while (next == 0) {
      in.skipNBytes(1);
      next = peek();
    }
    if (next < 0) {
      return false;
    }
    open("bytes that are no gzip follow its first part");
    return true;
  }

  private void open(String unlike) throws IOException {
    if (peek() != FIRST_MAGIC) {
      throw new ZipException(unlike);
    }
    try {
      member = GzipCompressorInputStream.builder().setInputStream(in).get();
    } catch (IOException e) {
      throw failure(e, unlike);
    }
  }

  private int peek() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next;
  }

  /** The library has no exception of its own for what is no gzip, nor a message for its end. */
  private IOException failure(IOException e, String what) {
    if (source.failed) {
      return e;
    }
    IOException told =
        e instanceof EOFException
            ? new EOFException("Unexpected end of ZLIB input stream")
            : new ZipException(what);
    told.initCause(e);
    return told;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The file, whose own failures are told from those of what reads it. */
  private static final class Source extends FilterInputStream {
    private boolean failed;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }
}
