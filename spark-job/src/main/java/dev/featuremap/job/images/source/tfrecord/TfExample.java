package dev.featuremap.job.images.source.tfrecord;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The first value of each wanted feature of an example.
 *
 * <p>In protobuf: {@code Example { Features features = 1; }}, {@code Features { map<string,
 * Feature> feature = 1; }}, and {@code Feature} is one of {@code bytes_list = 1}, {@code float_list
 * = 2} and {@code int64_list = 3}, each with {@code repeated value = 1}.
 *
 * @param values a {@code byte[]}, {@code Float} or {@code Long} each; features without a value are
 *     absent
 */
record TfExample(Map<String, Object> values) {
  private static final int BYTES = 1;
  private static final int FLOATS = 2;
  private static final int LONGS = 3;

  /** Of whole numbers, those up to here are exact as floats. */
  private static final float LARGEST_WHOLE = 1 << 24;

  /**
   * Reads an example.
   *
   * @throws IOException if it is none
   */
  static TfExample parse(byte[] record, TfFeatures wanted) throws IOException {
    Map<String, Object> values = new HashMap<>();
    CodedInputStream in = CodedInputStream.newInstance(record);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        int end = in.pushLimit(in.readRawVarint32());
        features(in, wanted, values);
        in.popLimit(end);
      } else {
        in.skipField(tag);
      }
    }
    return new TfExample(values);
  }

  private static boolean isMessage(int tag, int field) {
    return tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  private static void features(CodedInputStream in, TfFeatures wanted, Map<String, Object> values)
      throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        int end = in.pushLimit(in.readRawVarint32());
        entry(in, wanted, values);
        in.popLimit(end);
      } else {
        in.skipField(tag);
      }
    }
  }

  /** An entry of the map: its name and its feature, in either order. */
  private static void entry(CodedInputStream in, TfFeatures wanted, Map<String, Object> values)
      throws IOException {
    String name = "";
    byte[] feature = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        name = in.readString();
      } else if (isMessage(tag, 2) && (name.isEmpty() || wanted.wants(name))) {
        feature = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    if (wanted.wants(name)) {
      Object value = first(CodedInputStream.newInstance(feature));
      if (value != null) {
        values.put(name, value);
      }
    }
  }

  private static Object first(CodedInputStream in) throws IOException {
    Object first = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int kind = WireFormat.getTagFieldNumber(tag);
      if (isMessage(tag, kind) && kind >= BYTES && kind <= LONGS) {
        int end = in.pushLimit(in.readRawVarint32());
        first = list(in, kind);
        in.popLimit(end);
      } else {
        in.skipField(tag);
      }
    }
    return first;
  }

  /** The first of a list of one kind, packed or not; null if it is empty. */
  private static Object list(CodedInputStream in, int kind) throws IOException {
    Object first = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      boolean isValue = WireFormat.getTagFieldNumber(tag) == 1 && first == null;
      boolean isMessage = isMessage(tag, 1);
      if (!isValue) {
        in.skipField(tag);
      } else if (kind == BYTES && isMessage) {
        first = in.readByteArray();
      } else if (isMessage) {
        int end = in.pushLimit(in.readRawVarint32());
        first = in.isAtEnd() ? null : number(in, kind);
        in.skipRawBytes(in.getBytesUntilLimit());
        in.popLimit(end);
      } else if (kind == BYTES || WireFormat.getTagWireType(tag) != wireType(kind)) {
        in.skipField(tag);
      } else {
        first = number(in, kind);
      }
    }
    return first;
  }

  private static int wireType(int kind) {
    return kind == FLOATS ? WireFormat.WIRETYPE_FIXED32 : WireFormat.WIRETYPE_VARINT;
  }

  private static Object number(CodedInputStream in, int kind) throws IOException {
    if (kind == FLOATS) {
      return in.readFloat();
    }
    return in.readInt64();
  }

  private Object first(String[] names) {
    for (String name : names) {
      Object value = values.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** The encoded image; null if there is none. */
  byte[] image(TfFeatures features) {
    return first(features.images()) instanceof byte[] bytes ? bytes : null;
  }

  /** The label as text; null if there is none, or a fraction. */
  String label(TfFeatures features) {
    Object label = first(features.labels());
    if (label instanceof byte[] text) {
      return new String(text, StandardCharsets.UTF_8);
    }
    if (label instanceof Float number) {
      boolean whole = Math.rint(number) == number && Math.abs(number) <= LARGEST_WHOLE;
      return whole ? Long.toString(number.longValue()) : null;
    }
    return label == null ? null : label.toString();
  }

  /** The record id; -1 if there is none. */
  long id(TfFeatures features) {
    return values.get(features.id()) instanceof Long id ? id : -1;
  }
}
