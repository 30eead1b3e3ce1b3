package dev.featuremap.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the JSON header of a safetensors file. */
final class SafetensorsHeader {
  private static final int ALIGNMENT = 8;

  private SafetensorsHeader() {}

  /** The header's bytes, padded. */
  static byte[] encode(Map<String, String> metadata, List<TensorSlice> tensors) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      String entries =
          new TreeMap<>(metadata)
              .entrySet().stream()
                  .map(entry -> quote(entry.getKey()) + ":" + quote(entry.getValue()))
                  .collect(Collectors.joining(","));
      json.append(quote(SafetensorsWriter.METADATA)).append(":{").append(entries).append('}');
    }
    long begin = 0;
    for (TensorSlice tensor : tensors) {
      long end = begin + (long) tensor.size() * Float.BYTES;
      json.append(json.length() > 1 ? "," : "").append(entry(tensor, begin, end));
      begin = end;
    }
    return padded(utf8(json.append('}')));
  }

  private static String entry(TensorSlice tensor, long begin, long end) {
    String shape =
        tensor.dimensions().stream().map(String::valueOf).collect(Collectors.joining(","));
    return "%s:{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%s,%s]}"
        .formatted(quote(tensor.name()), shape, Long.toString(begin), Long.toString(end));
  }

  /** A text as a JSON string. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static ByteBuffer utf8(CharSequence json) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "Cannot write safetensors: a name or metadata holds half a surrogate pair.", e);
    }
  }

  private static byte[] padded(ByteBuffer json) {
    int length = json.remaining();
    byte[] padded = new byte[(length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT];
    Arrays.fill(padded, (byte) ' ');
    json.get(padded, 0, length);
    return padded;
  }
}
