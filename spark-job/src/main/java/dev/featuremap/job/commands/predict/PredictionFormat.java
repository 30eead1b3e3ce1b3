package dev.featuremap.job.commands.predict;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/** Writes predictions as rows of Parquet. */
final class PredictionFormat extends WriteSupport<Prediction> {
  private static final MessageType OWN =
      MessageTypeParser.parseMessageType(
          """
          message predictions {
            required int64 id;
            required binary path (STRING);
            optional int32 prediction;
            optional binary label (STRING);
            optional group probabilities (LIST) {
              repeated group list {
                required float element;
              }
            }
            optional binary error (STRING);
          }
          """);

  private final MessageType schema;
  private final Map<String, Binary> labels = new HashMap<>();

  private RecordConsumer out;
  private String path;
  private Binary pathBytes;

  /** Predictions with columns of their table beside them. */
  PredictionFormat(List<Type> kept) {
    List<Type> fields = new ArrayList<>(OWN.getFields());
    fields.addAll(kept);
    this.schema = new MessageType(OWN.getName(), fields);
  }

  /** The names of the columns that all predictions have. */
  static List<String> columns() {
    return OWN.getFields().stream().map(Type::getName).toList();
  }

  @Override
  @SuppressWarnings("deprecation") // but abstract
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    this.out = consumer;
  }

  @Override
  public void write(Prediction row) {
    out.startMessage();
    out.startField("id", 0);
    out.addLong(row.record().id());
    out.endField("id", 0);
    text("path", 1, path(row.record().place()));
    if (row.isFailed()) {
      text("error", 5, bytes(row.error()));
    } else {
      out.startField("prediction", 2);
      out.addInteger(row.prediction());
      out.endField("prediction", 2);
      text("label", 3, labels.computeIfAbsent(row.label(), PredictionFormat::bytes));
      out.startField("probabilities", 4);
      list(row.probabilities());
      out.endField("probabilities", 4);
    }
    KeptFields.write(out, row.record().kept(), OWN.getFieldCount());
    out.endMessage();
  }

  private void list(float[] values) {
    out.startGroup();
    out.startField("list", 0);
    for (float value : values) {
      out.startGroup();
      out.startField("element", 0);
      out.addFloat(value);
      out.endField("element", 0);
      out.endGroup();
    }
    out.endField("list", 0);
    out.endGroup();
  }

  /** Many records in a row may come of one file. */
  private Binary path(String of) {
    if (!of.equals(path)) {
      path = of;
      pathBytes = bytes(of);
    }
    return pathBytes;
  }

  private static Binary bytes(String text) {
    return Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
  }

  private void text(String name, int index, Binary text) {
    out.startField(name, index);
    out.addBinary(text);
    out.endField(name, index);
  }
}
