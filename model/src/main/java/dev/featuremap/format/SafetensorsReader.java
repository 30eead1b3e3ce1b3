package dev.featuremap.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads safetensors files and refuses everything their specification does not allow: holes and
 * overlaps, bytes that no tensor owns, names that occur twice, a shape that disagrees with its
 * bytes. Values become floats ({@link FloatType}).
 *
 * <p>{@link #open} reads the header alone; whoever has decided by it where tensors go calls {@link
 * #readInto}. Memory stays in proportion to the file's length, whatever its header claims.
 */
public final class SafetensorsReader {
  /** The limit of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int PIECE_BYTES = 64 * 1024;

  private final InputStream in;
  private final long length;
  private final String source;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final ByteBuffer decoder = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
  private Map<String, String> metadata = Map.of();
  private List<SafetensorsEntry> entries = List.of();

  private SafetensorsReader(InputStream in, long length, String source) {
    this.in = in;
    this.length = length;
    this.source = source;
  }

  /**
   * Reads a whole file of floats; every byte of the stream is read, none is skipped, and it stays
   * open.
   *
   * @param length the file's length in bytes, as its file system reports it
   * @param source what messages call the file
   * @throws FormatException if the file breaks a rule of the format; the message names the tensor
   *     and the rule
   */
  public static Safetensors read(InputStream in, long length, String source) throws IOException {
    SafetensorsReader file = open(in, length, source);
    float[] values = new float[file.size()];
    Map<String, TensorSlice> tensors = new LinkedHashMap<>();
    int at = 0;
    for (SafetensorsEntry entry : file.entries) {
      tensors.put(entry.name(), new TensorSlice(entry.name(), entry.shape(), values, at));
      at += (int) entry.size();
    }
    file.readInto(tensors);
    return new Safetensors(file.metadata, List.copyOf(tensors.values()), values);
  }

  /** Reads the header of a file, like {@link #read}, and checks that it fits the length. */
  static SafetensorsReader open(InputStream in, long length, String source) throws IOException {
    SafetensorsReader file = new SafetensorsReader(in, length, source);
    int headerBytes = file.headerLength();
    SafetensorsHeaderParser.Header header =
        SafetensorsHeaderParser.parse(file.header(headerBytes), source);
    file.metadata = header.metadata();
    file.entries = file.inOrder(header.entries());
    file.checkCover(length - Long.BYTES - headerBytes);
    return file;
  }

  /** The file's free text by key. */
  Map<String, String> metadata() {
    return metadata;
  }

  /** What the header says of all tensors, in the order of their data. */
  List<SafetensorsEntry> entries() {
    return entries;
  }

  /**
   * Reads the rest of the stream, to its end.
   *
   * @param places where tensors of floats go, by their names in the file; each as large as its
   *     tensor. A tensor without a place is read and forgotten
   */
  void readInto(Map<String, TensorSlice> places) throws IOException {
    for (SafetensorsEntry entry : entries) {
      TensorSlice place = places.get(entry.name());
      if (place == null) {
        pass(entry.bytes());
      } else {
        readInto(entry, place);
      }
    }
    if (in.read() >= 0) {
      throw refused("expected %s bytes, got more".formatted(length));
    }
  }

  private int headerLength() throws IOException {
    if (length < Long.BYTES) {
      throw refused("a file starts with 8 bytes of header length, got %s bytes".formatted(length));
    }
    byte[] start = exactly(Long.BYTES);
    long bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_BYTES, length - Long.BYTES);
    if (bytes < 2 || bytes > most) {
      Optional<ForeignModel> foreign = ForeignModel.of(longer(start));
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

  /** The first bytes of a file, as many as tell what it is. */
  private byte[] longer(byte[] start) throws IOException {
    byte[] more = in.readNBytes(ForeignModel.HEAD_BYTES - start.length);
    return ByteBuffer.allocate(start.length + more.length).put(start).put(more).array();
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

  /** Checks that the entries cover the data once. */
  private void checkCover(long dataBytes) throws FormatException {
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

  /** The floats of all tensors. */
  private int size() throws FormatException {
    long size = 0;
    for (SafetensorsEntry entry : entries) {
      entry.requireFloats(source);
      size += entry.size();
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw refused("one array ends at 2^31 floats, got %s".formatted(size));
    }
    return (int) size;
  }

  private void readInto(SafetensorsEntry entry, TensorSlice place) throws IOException {
    FloatType type = entry.floats().orElseThrow();
    int pieceFloats = PIECE_BYTES / type.bytes();
    for (int done = 0; done < place.size(); done += pieceFloats) {
      int count = Math.min(pieceFloats, place.size() - done);
      if (in.readNBytes(piece, 0, count * type.bytes()) < count * type.bytes()) {
        throw truncated();
      }
      OptionalDouble beyond =
          type.decode(decoder.clear(), place.values(), place.at() + done, count);
      if (beyond.isPresent()) {
        throw entry.refused(
            source, "its value %s is too large for 32 bits".formatted(beyond.getAsDouble()));
      }
    }
  }

  /** Reads and forgets: a stream that computes a digest does not see what it skips. */
  private void pass(long bytes) throws IOException {
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
