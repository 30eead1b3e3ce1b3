package dev.featuremap.job.testing;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/** TFRecords of examples, as TensorFlow frames them. */
public final class ExampleRecords {
  private ExampleRecords() {}

  /**
   * An example.
   *
   * @param features a {@code byte[]}, {@code Float} or {@code Long} each
   */
  public static byte[] example(Map<String, ?> features) {
    return bytes(
        out -> {
          for (Map.Entry<String, ?> feature : features.entrySet()) {
            byte[] name = feature.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = feature(feature.getValue());
            byte[] entry =
                bytes(
                    map -> {
                      map.writeByteArray(1, name);
                      map.writeByteArray(2, value);
                    });
            byte[] all = bytes(message -> message.writeByteArray(1, entry));
            out.writeByteArray(1, all);
          }
        });
  }

  private static byte[] feature(Object value) {
    if (value instanceof byte[] content) {
      return bytes(out -> out.writeByteArray(1, bytes(list -> list.writeByteArray(1, content))));
    }
    if (value instanceof Float number) {
      return bytes(out -> out.writeByteArray(2, bytes(list -> list.writeFloat(1, number))));
    }
    return bytes(out -> out.writeByteArray(3, bytes(list -> list.writeInt64(1, (Long) value))));
  }

  private interface Message {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Message message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      message.write(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a record. */
  public static void write(OutputStream out, byte[] record) throws IOException {
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(record.length)
            .array();
    out.write(length);
    out.write(sum(length));
    out.write(record);
    out.write(sum(record));
  }

  private static byte[] sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    int masked = Integer.rotateRight((int) sum.getValue(), 15) + 0xa282ead8;
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }
}
