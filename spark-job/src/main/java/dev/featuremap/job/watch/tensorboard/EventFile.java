package dev.featuremap.job.watch.tensorboard;

import com.google.protobuf.CodedOutputStream;
import dev.featuremap.image.BadImageException;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.PngFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * An event file of one step, in memory.
 *
 * <p>A record is the payload's length (8 bytes), its check sum, the payload, and that one's check
 * sum, all little-endian. Check sums are CRC-32C, turned right by 15 bits and shifted by a
 * constant, so that a check sum within checked data does no harm.
 */
final class EventFile {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK_DELTA = 0xa282ead8;

  // Fields of the messages Event, Summary, Summary.Value and Summary.Image.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HEIGHT = 1;
  private static final int WIDTH = 2;
  private static final int COLORSPACE = 3;
  private static final int ENCODED_IMAGE = 4;

  private final double wallSeconds;
  private final ByteArrayOutputStream summary = new ByteArrayOutputStream();
  private final long step;

  /** A file without values. */
  EventFile(long step, Instant time) {
    this.step = step;
    this.wallSeconds = time.toEpochMilli() / 1e3;
  }

  /** Adds the values that are finite, in single precision. */
  void scalars(Map<String, Double> values) {
    values.forEach(
        (tag, value) -> {
          if (Double.isFinite(value)) {
            add(tag, out -> out.writeFloat(SIMPLE_VALUE, value.floatValue()));
          }
        });
  }

  /** Adds a picture of 1 or 3 channels. */
  void image(String tag, Pixels pixels) {
    byte[] png = png(pixels);
    byte[] image =
        message(
            out -> {
              out.writeInt32(HEIGHT, pixels.shape().height());
              out.writeInt32(WIDTH, pixels.shape().width());
              out.writeInt32(COLORSPACE, pixels.shape().channels());
              out.writeByteArray(ENCODED_IMAGE, png);
            });
    add(tag, out -> out.writeByteArray(IMAGE, image));
  }

  /** The file. */
  byte[] bytes() {
    byte[] version =
        message(
            out -> {
              out.writeDouble(WALL_TIME, wallSeconds);
              out.writeString(FILE_VERSION, VERSION);
            });
    byte[] event =
        message(
            out -> {
              out.writeDouble(WALL_TIME, wallSeconds);
              out.writeInt64(STEP, step);
              out.writeByteArray(SUMMARY, summary.toByteArray());
            });
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(record(version));
    file.writeBytes(record(event));
    return file.toByteArray();
  }

  private void add(String tag, Fields content) {
    byte[] value =
        message(
            out -> {
              out.writeString(TAG, tag);
              content.writeTo(out);
            });
    summary.writeBytes(message(out -> out.writeByteArray(VALUE, value)));
  }

  private static byte[] png(Pixels pixels) {
    try {
      return PngFile.encode(pixels);
    } catch (BadImageException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] record(byte[] payload) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + payload.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(payload.length);
    record.putInt(maskedSum(record.array(), Long.BYTES));
    return record.put(payload).putInt(maskedSum(payload, payload.length)).array();
  }

  private static int maskedSum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK_DELTA;
  }
}
