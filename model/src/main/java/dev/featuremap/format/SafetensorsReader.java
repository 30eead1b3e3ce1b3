package dev.featuremap.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads safetensors files of F32 tensors and refuses everything their specification does not allow:
 * holes and overlaps, bytes that no tensor owns, names that occur twice, a shape that disagrees
 * with its bytes.
 *
 * <p>Memory stays in proportion to the file's length, whatever its header claims.
 */
public final class SafetensorsReader {
  /** The limit of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int PIECE_BYTES = 64 * 1024;

  private final InputStream in;
  private final long length;
  private final String source;

  private SafetensorsReader(InputStream in, long length, String source) {
    this.in = in;
    this.length = length;
    this.source = source;
  }

  /**
   * Reads a whole file; the stream is read to its end and stays open.
   *
   * @param length the file's length in bytes, as its file system reports it
   * @param source what messages call the file
   * @throws FormatException if the file breaks a rule of the format; the message names the tensor
   *     and the rule
   */
  public static Safetensors read(InputStream in, long length, String source) throws IOException {
    return new SafetensorsReader(in, length, source).read();
  }

  private Safetensors read() throws IOException {
    int headerBytes = headerLength();
    SafetensorsHeaderParser.Header header =
        SafetensorsHeaderParser.parse(header(headerBytes), source);
    List<SafetensorsEntry> entries = inOrder(header.entries());
    int size = checkCover(entries, length - Long.BYTES - headerBytes);
    float[] values = values(size);
    List<TensorSlice> tensors = new ArrayList<>();
    for (SafetensorsEntry entry : entries) {
      int at = (int) (entry.begin() / Float.BYTES);
      tensors.add(TensorSlice.of(entry.name(), entry.shape(), values, at));
    }
    return new Safetensors(header.metadata(), tensors, values);
  }

  private int headerLength() throws IOException {
    if (length < Long.BYTES) {
      throw refused("a file starts with 8 bytes of header length, got %d bytes".formatted(length));
    }
    long bytes = ByteBuffer.wrap(exactly(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_BYTES, length - Long.BYTES);
    if (bytes < 2 || bytes > most) {
      throw refused(
          "its header takes 2 to %d bytes, got %s".formatted(most, Long.toUnsignedString(bytes)));
    }
    return (int) bytes;
  }

  private String header(int bytes) throws IOException {
    byte[] header = exactly(bytes);
    if (header[0] != '{') {
      throw refused("a header starts with '{', got byte 0x%02X".formatted(header[0]));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("Cannot read %s: its header is not UTF-8.".formatted(source), e);
    }
  }

  private List<SafetensorsEntry> inOrder(List<SafetensorsEntry> entries) throws FormatException {
    for (SafetensorsEntry entry : entries) {
      entry.check(source);
    }
    List<SafetensorsEntry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparingLong(SafetensorsEntry::begin).thenComparingLong(SafetensorsEntry::end));
    return sorted;
  }

  /** Checks that the entries cover the data once and returns its floats. */
  private int checkCover(List<SafetensorsEntry> entries, long dataBytes) throws FormatException {
    long covered = 0;
    for (SafetensorsEntry entry : entries) {
      if (entry.begin() != covered) {
        String fault = entry.begin() < covered ? "overlaps the tensor before" : "leaves a hole";
        throw entry.refused(
            source,
            "it %s: expected data_offsets from %d, got [%d, %d]"
                .formatted(fault, covered, entry.begin(), entry.end()));
      }
      if (entry.end() > dataBytes) {
        throw entry.refused(
            source,
            "its data_offsets [%d, %d] exceed the %d bytes behind the header"
                .formatted(entry.begin(), entry.end(), dataBytes));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw refused(
          "its tensors take %d bytes, got %d behind the header".formatted(covered, dataBytes));
    }
    if (covered / Float.BYTES > Integer.MAX_VALUE - 8) {
      throw refused("one array ends at 2^31 floats, got %d".formatted(covered / Float.BYTES));
    }
    return (int) (covered / Float.BYTES);
  }

  private float[] values(int size) throws IOException {
    float[] values = new float[size];
    byte[] piece = new byte[PIECE_BYTES];
    ByteBuffer decoder = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
    int pieceFloats = PIECE_BYTES / Float.BYTES;
    for (int done = 0; done < size; done += pieceFloats) {
      int count = Math.min(pieceFloats, size - done);
      if (in.readNBytes(piece, 0, count * Float.BYTES) < count * Float.BYTES) {
        throw truncated();
      }
      decoder.clear().asFloatBuffer().get(values, done, count);
    }
    if (in.read() >= 0) {
      throw refused("expected %d bytes, got more".formatted(length));
    }
    return values;
  }

  private byte[] exactly(int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw truncated();
    }
    return read;
  }

  private FormatException truncated() {
    return refused("expected %d bytes, got fewer".formatted(length));
  }

  private FormatException refused(String rule) {
    return new FormatException("Cannot read %s: %s.".formatted(source, rule));
  }
}
