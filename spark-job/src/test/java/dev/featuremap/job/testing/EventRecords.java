package dev.featuremap.job.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads event files as their format describes them, sharing nothing with what writes them: the
 * check sum is computed bit by bit, messages are taken apart by hand.
 */
public final class EventRecords {
  private static final int CASTAGNOLI_REVERSED = 0x82f63b78;

  private EventRecords() {}

  /**
   * A field of a message.
   *
   * @param number of the field
   * @param value a {@link Long} of a number, a {@link ByteBuffer} of bytes
   */
  public record Field(int number, Object value) {

    /** The text that the bytes are. */
    public String text() {
      return StandardCharsets.UTF_8.decode(((ByteBuffer) value).duplicate()).toString();
    }

    /** The fields of the message that the bytes are. */
    public List<Field> fields() {
      return parse(((ByteBuffer) value).duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  /** The payloads of all records, whose check sums are right. */
  public static List<List<Field>> events(Path file) {
    try {
      return events(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The payloads of all records, whose check sums are right. */
  public static List<List<Field>> events(byte[] file) {
    List<List<Field>> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      requireSum(in.slice(in.position(), 8), in.getInt(in.position() + 8));
      int length = Math.toIntExact(in.getLong());
      in.getInt();
      ByteBuffer payload = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      in.position(in.position() + length);
      requireSum(payload.duplicate(), in.getInt());
      events.add(parse(payload));
    }
    return events;
  }

  /** The scalars of a file of one step by their tags. */
  public static Map<String, Float> scalars(Path file) {
    Map<String, Float> scalars = new LinkedHashMap<>();
    for (Field value : find(events(file).get(1), 5).fields()) {
      List<Field> fields = value.fields();
      if (fields.get(1).number() == 2) {
        int bits = ((Long) fields.get(1).value()).intValue();
        scalars.put(fields.get(0).text(), Float.intBitsToFloat(bits));
      }
    }
    return scalars;
  }

  /** The tags of a file of one step, in order. */
  public static List<String> tags(Path file) {
    return find(events(file).get(1), 5).fields().stream()
        .map(value -> value.fields().get(0).text())
        .toList();
  }

  /** The first field of a number. */
  public static Field find(List<Field> fields, int number) {
    return fields.stream().filter(field -> field.number() == number).findFirst().orElseThrow();
  }

  private static List<Field> parse(ByteBuffer in) {
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long key = variable(in);
      int number = (int) (key >>> 3);
      switch ((int) (key & 7)) {
        case 0 -> fields.add(new Field(number, variable(in)));
        case 1 -> fields.add(new Field(number, in.getLong()));
        case 2 -> {
          int length = (int) variable(in);
          fields.add(new Field(number, in.slice(in.position(), length)));
          in.position(in.position() + length);
        }
        case 5 -> fields.add(new Field(number, (long) in.getInt()));
        default -> throw new IllegalStateException("No such kind of field: " + (key & 7));
      }
    }
    return fields;
  }

  private static long variable(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static void requireSum(ByteBuffer bytes, int masked) {
    int sum = -1;
    while (bytes.hasRemaining()) {
      sum ^= bytes.get() & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        sum = (sum >>> 1) ^ (CASTAGNOLI_REVERSED & -(sum & 1));
      }
    }
    int unmasked = Integer.rotateLeft(masked - 0xa282ead8, 15);
    if (unmasked != ~sum) {
      throw new IllegalStateException(
          "Cannot read a record: expected check sum %08x, got %08x.".formatted(~sum, unmasked));
    }
  }
}
