package dev.featuremap.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses the JSON header of a safetensors file; whether it fits the file is checked later. */
final class SafetensorsHeaderParser {
  private final JsonCursor cursor;
  private final String source;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
  private boolean hasMetadata;

  private SafetensorsHeaderParser(String json, String source) {
    this.cursor = new JsonCursor(json, source);
    this.source = source;
  }

  /** A parsed header, in the order written. */
  record Header(Map<String, String> metadata, List<SafetensorsEntry> entries) {}

  static Header parse(String json, String source) throws FormatException {
    SafetensorsHeaderParser parser = new SafetensorsHeaderParser(json, source);
    parser.members(parser::member);
    parser.cursor.expectPadding();
    return new Header(parser.metadata, new ArrayList<>(parser.entries.values()));
  }

  /** Reads the value of one member of an object. */
  private interface Member {
    void read(String name) throws FormatException;
  }

  private void members(Member member) throws FormatException {
    cursor.expect('{');
    if (cursor.take('}')) {
      return;
    }
    do {
      String name = cursor.string();
      cursor.expect(':');
      member.read(name);
    } while (cursor.take(','));
    cursor.expect('}');
  }

  private void member(String name) throws FormatException {
    boolean isMetadata = name.equals(SafetensorsWriter.METADATA);
    if (isMetadata ? hasMetadata : entries.containsKey(name)) {
      throw new FormatException(
          "Cannot read %s: the header names %s twice.".formatted(source, name));
    }
    if (isMetadata) {
      hasMetadata = true;
      members(this::metadata);
    } else {
      entries.put(name, entry(name));
    }
  }

  private void metadata(String key) throws FormatException {
    if (metadata.put(key, cursor.string()) != null) {
      throw new FormatException(
          "Cannot read %s: the metadata names %s twice.".formatted(source, key));
    }
  }

  private SafetensorsEntry entry(String name) throws FormatException {
    Fields fields = new Fields();
    members(field -> fields.read(name, field));
    if (fields.dtype == null || fields.shape == null || fields.offsets == null) {
      throw refused(name, "dtype, shape and data_offsets are required");
    }
    if (fields.offsets.size() != 2) {
      throw refused(name, "data_offsets are two numbers, got %s".formatted(fields.offsets));
    }
    return new SafetensorsEntry(
        name, fields.dtype, fields.shape, fields.offsets.get(0), fields.offsets.get(1));
  }

  private FormatException refused(String name, String rule) {
    return new FormatException("Cannot read tensor %s of %s: %s.".formatted(name, source, rule));
  }

  /** The members of a tensor's object as far as read. */
  private final class Fields {
    private String dtype;
    private List<Long> shape;
    private List<Long> offsets;

    void read(String tensor, String field) throws FormatException {
      switch (field) {
        case "dtype" -> {
          checkFirst(tensor, field, dtype);
          dtype = cursor.string();
        }
        case "shape" -> {
          checkFirst(tensor, field, shape);
          shape = cursor.list(cursor::integer);
        }
        case "data_offsets" -> {
          checkFirst(tensor, field, offsets);
          offsets = cursor.list(cursor::integer);
        }
        default ->
            throw refused(
                tensor, "expected dtype, shape and data_offsets, got %s".formatted(field));
      }
    }

    private void checkFirst(String tensor, String field, Object present) throws FormatException {
      if (present != null) {
        throw refused(tensor, "%s occurs twice".formatted(field));
      }
    }
  }
}
