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
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

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
  private final Predicate<String> passedOver;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final ByteBuffer decoder = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsReader(
      InputStream in, long length, String source, Predicate<String> passedOver) {
    this.in = in;
    this.length = length;
    this.source = source;
    this.passedOver = passedOver;
  }

  /**
   * Reads a whole file; every byte of the stream is read, none is skipped, and it stays open.
   *
   * @param length the file's length in bytes, as its file system reports it
   * @param source what messages call the file
   * @throws FormatException if the file breaks a rule of the format; the message names the tensor
   *     and the rule
   */
  public static Safetensors read(InputStream in, long length, String source) throws IOException {
    return read(in, length, source, name -> false);
  }

  /** The same without the tensors of those names, which may be of any type. */
  static Safetensors read(InputStream in, long length, String source, Predicate<String> passedOver)
      throws IOException {
    return new SafetensorsReader(in, length, source, passedOver).read();
  }

  private Safetensors read() throws IOException {
    int headerBytes = headerLength();
    SafetensorsHeaderParser.Header header =
        SafetensorsHeaderParser.parse(header(headerBytes), source);
    List<SafetensorsEntry> entries = inOrder(header.entries());
    checkCover(entries, length - Long.BYTES - headerBytes);
    float[] values = new float[size(entries)];
    List<TensorSlice> tensors = new ArrayList<>();
    int at = 0;
    for (SafetensorsEntry entry : entries) {
      if (passedOver.test(entry.name())) {
        skip(entry.bytes());
      } else {
        TensorSlice tensor = new TensorSlice(entry.name(), entry.shape(), values, at);
        readInto(tensor);
        tensors.add(tensor);
        at += tensor.size();
      }
    }
    if (in.read() >= 0) {
      throw refused("expected %s bytes, got more".formatted(length));
    }
    return new Safetensors(header.metadata(), tensors, values);
  }

  private int headerLength() throws IOException {
    if (length < Long.BYTES) {
      throw refused("a file starts with 8 bytes of header length, got %s bytes".formatted(length));
    }
    byte[] start = exactly(Long.BYTES);
    long bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_BYTES, length - Long.BYTES);
    if (bytes < 2 || bytes > most) {
      Optional<ForeignModel> foreign = ForeignModel.of(start);
      if (foreign.isPresent()) {
        throw refused("it is no safetensors file: " + foreign.get().words());
      }
      throw refused(
          "its header takes 2 to %s bytes, got %s".formatted(most, Long.toUnsignedString(bytes)));
    }
    return (int) bytes;
  }

  private String header(int bytes) throws IOException {
    byte[] header = exactly(bytes);
    if (header[0] != '{') {
      throw refused(
          String.format(Locale.ROOT, "a header starts with '{', got byte 0x%02X", header[0]));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("Cannot read %s: its header is not UTF-8.".formatted(source), e);
    }
  }

  private List<SafetensorsEntry> inOrder(List<SafetensorsEntry> entries) throws FormatException {
    for (SafetensorsEntry entry : entries) {
      if (!passedOver.test(entry.name())) {
        entry.check(source);
      } else if (entry.begin() > entry.end()) {
        throw entry.refused(
            source,
            "its data_offsets [%s, %s] run backwards".formatted(entry.begin(), entry.end()));
      }
    }
    List<SafetensorsEntry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparingLong(SafetensorsEntry::begin).thenComparingLong(SafetensorsEntry::end));
    return sorted;
  }

  /** Checks that the entries cover the data once. */
  private void checkCover(List<SafetensorsEntry> entries, long dataBytes) throws FormatException {
    long covered = 0;
    for (SafetensorsEntry entry : entries) {
      if (entry.begin() != covered) {
        String fault = entry.begin() < covered ? "overlaps the tensor before" : "leaves a hole";
        throw entry.refused(
            source,
            "it %s: expected data_offsets from %s, got [%s, %s]"
                .formatted(fault, covered, entry.begin(), entry.end()));
      }
      if (entry.end() > dataBytes) {
        throw entry.refused(
            source,
            "its data_offsets [%s, %s] exceed the %s bytes behind the header"
                .formatted(entry.begin(), entry.end(), dataBytes));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw refused(
          "its tensors take %s bytes, got %s behind the header".formatted(covered, dataBytes));
    }
  }

  /** The floats of all tensors that are read. */
  private int size(List<SafetensorsEntry> entries) throws FormatException {
    long bytes = 0;
    for (SafetensorsEntry entry : entries) {
      bytes += passedOver.test(entry.name()) ? 0 : entry.bytes();
    }
    if (bytes / Float.BYTES > Integer.MAX_VALUE - 8) {
      throw refused("one array ends at 2^31 floats, got %s".formatted(bytes / Float.BYTES));
    }
    return (int) (bytes / Float.BYTES);
  }

  private void readInto(TensorSlice tensor) throws IOException {
    int pieceFloats = PIECE_BYTES / Float.BYTES;
    for (int done = 0; done < tensor.size(); done += pieceFloats) {
      int count = Math.min(pieceFloats, tensor.size() - done);
      if (in.readNBytes(piece, 0, count * Float.BYTES) < count * Float.BYTES) {
        throw truncated();
      }
      decoder.clear().asFloatBuffer().get(tensor.values(), tensor.at() + done, count);
    }
  }

  /** Reads and forgets: a stream that computes a digest does not see what it skips. */
  private void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int count = (int) Math.min(PIECE_BYTES, left);
      if (in.readNBytes(piece, 0, count) < count) {
        throw truncated();
      }
      left -= count;
    }
  }

  private byte[] exactly(int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw truncated();
    }
    return read;
  }

  private FormatException truncated() {
    return refused("expected %s bytes, got fewer".formatted(length));
  }

  private FormatException refused(String rule) {
    return new FormatException("Cannot read %s: %s.".formatted(source, rule));
  }
}
