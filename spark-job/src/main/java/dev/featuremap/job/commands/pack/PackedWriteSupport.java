package dev.featuremap.job.commands.pack;

import dev.featuremap.job.images.source.BadRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes rows in the layout of Hugging Face, and what is wrong with them behind all rows. */
final class PackedWriteSupport extends WriteSupport<PackedRow> {
  /** Keys of a file's metadata: how many rows training will leave out, and the first of them. */
  static final String BAD = "featuremap.bad";

  static final String FIRST_BAD = "featuremap.bad.first";

  private static final int BAD_SHOWN = 5;
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message images {
            optional group image {
              optional binary bytes;
              optional binary path (STRING);
            }
            optional int64 label;
            required int64 id;
          }
          """);

  private final Map<String, String> metadata;
  private final StringBuilder firstBad = new StringBuilder();
  private RecordConsumer out;
  private int bad;

  PackedWriteSupport(Map<String, String> metadata) {
    this.metadata = metadata;
  }

  @Override
  @SuppressWarnings("deprecation") // but abstract
  public WriteContext init(Configuration configuration) {
    return new WriteContext(SCHEMA, metadata);
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    this.out = consumer;
  }

  @Override
  public void write(PackedRow row) {
    out.startMessage();
    out.startField("image", 0);
    out.startGroup();
    if (row.image() != null) {
      add("bytes", 0, Binary.fromConstantByteArray(row.image()));
    }
    add("path", 1, Binary.fromConstantByteArray(row.path().getBytes(StandardCharsets.UTF_8)));
    out.endGroup();
    out.endField("image", 0);
    if (row.label() >= 0) {
      add("label", 1, row.label());
    }
    add("id", 2, row.id());
    out.endMessage();
    note(row);
  }

  private void add(String field, int index, Binary value) {
    out.startField(field, index);
    out.addBinary(value);
    out.endField(field, index);
  }

  private void add(String field, int index, long value) {
    out.startField(field, index);
    out.addLong(value);
    out.endField(field, index);
  }

  private void note(PackedRow row) {
    if (row.fault() != null && bad++ < BAD_SHOWN) {
      firstBad.append("  ").append(new BadRecord(row.id(), row.path(), row.fault())).append('\n');
    }
  }

  @Override
  public FinalizedWriteContext finalizeWrite() {
    Map<String, String> last = new HashMap<>();
    last.put(BAD, Integer.toString(bad));
    last.put(FIRST_BAD, firstBad.toString());
    return new FinalizedWriteContext(last);
  }
}
