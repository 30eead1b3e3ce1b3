package dev.featuremap.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes safetensors, the tensor file of Hugging Face: the length of a JSON header as 64 bits, the
 * header, and the tensors one after the other; all numbers little-endian.
 *
 * <p>The same arguments give the same bytes. Tensors keep the order of the list, in the header and
 * behind it, and the header is padded with spaces to a multiple of 8, so that tensors are aligned.
 */
public final class SafetensorsWriter {
  /** The header's key for metadata, which no tensor may have as name. */
  static final String METADATA = "__metadata__";

  private static final int PIECE_BYTES = 64 * 1024;

  private SafetensorsWriter() {}

  /**
   * Writes a file of F32 tensors; the stream stays open.
   *
   * @param metadata free text by key; written in the order of its keys
   * @return the bytes written
   * @throws IllegalArgumentException if a name occurs twice, is {@code __metadata__}, or has no
   *     form in UTF-8
   */
  public static long write(
      OutputStream out, Map<String, String> metadata, List<TensorSlice> tensors)
      throws IOException {
    checkNames(tensors);
    byte[] header = SafetensorsHeader.encode(metadata, tensors);
    byte[] piece = new byte[PIECE_BYTES];
    encoder(piece).putLong(header.length);
    out.write(piece, 0, Long.BYTES);
    out.write(header);
    long written = (long) Long.BYTES + header.length;
    for (TensorSlice tensor : tensors) {
      write(out, tensor, piece);
      written += (long) tensor.size() * Float.BYTES;
    }
    return written;
  }

  private static void write(OutputStream out, TensorSlice tensor, byte[] piece) throws IOException {
    int pieceFloats = PIECE_BYTES / Float.BYTES;
    for (int done = 0; done < tensor.size(); done += pieceFloats) {
      int count = Math.min(pieceFloats, tensor.size() - done);
      encoder(piece).asFloatBuffer().put(tensor.values(), tensor.at() + done, count);
      out.write(piece, 0, count * Float.BYTES);
    }
  }

  private static ByteBuffer encoder(byte[] piece) {
    return ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void checkNames(List<TensorSlice> tensors) {
    Set<String> names = new HashSet<>();
    for (TensorSlice tensor : tensors) {
      if (tensor.name().equals(METADATA)) {
        throw new IllegalArgumentException(
            "Cannot write tensor %s: safetensors keeps that name for metadata."
                .formatted(METADATA));
      }
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "Cannot write tensor %s: the name occurs twice.".formatted(tensor.name()));
      }
    }
  }
}
