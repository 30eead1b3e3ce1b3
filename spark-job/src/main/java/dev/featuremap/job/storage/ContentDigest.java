package dev.featuremap.job.storage;

import dev.featuremap.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Length and hash of some content.
 *
 * @param length in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ContentDigest(long length, String sha256) {

  /** A value read from content, and the digest of all of that content. */
  record Digested<T>(T value, ContentDigest digest) {}

  public static ContentDigest of(byte[] content) {
    return new ContentDigest(content.length, Sha256.of(content));
  }

  /** Reads the whole of {@code input} and keeps nothing. */
  public static ContentDigest of(InputStream input) throws IOException {
    return reading(input, in -> null).digest();
  }

  /** Passes {@code content} on to {@code output}, which stays open. */
  static ContentDigest writing(OutputStream output, ContentWriter content) throws IOException {
    CountingOutput counting = new CountingOutput(output, Sha256.start());
    content.writeTo(counting);
    counting.flush();
    return new ContentDigest(counting.length, hex(counting.getMessageDigest().digest()));
  }

  /** Lets {@code reader} read, then reads what it left. */
  static <T> Digested<T> reading(InputStream input, ContentReader<T> reader) throws IOException {
    CountingInput counting = new CountingInput(input, Sha256.start());
    T value = reader.readFrom(counting);
    counting.transferTo(OutputStream.nullOutputStream());
    return new Digested<>(
        value, new ContentDigest(counting.length, hex(counting.getMessageDigest().digest())));
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  /** Counts; closing it only flushes, so that a writer cannot publish what is half done. */
  private static final class CountingOutput extends DigestOutputStream {
    private long length;

    CountingOutput(OutputStream output, MessageDigest digest) {
      super(output, digest);
    }

    @Override
    public void write(int value) throws IOException {
      super.write(value);
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      super.write(bytes, offset, count);
      length += count;
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Counts; a reader may skip, but what it skips is digested too. */
  private static final class CountingInput extends DigestInputStream {
    private long length;

    CountingInput(InputStream input, MessageDigest digest) {
      super(input, digest);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      length += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int got = super.read(bytes, offset, count);
      length += Math.max(got, 0);
      return got;
    }

    @Override
    public long skip(long count) throws IOException {
      return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() {
      // The rest is still to be read.
    }
  }
}
