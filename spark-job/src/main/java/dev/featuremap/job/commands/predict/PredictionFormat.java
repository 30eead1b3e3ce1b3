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
  private static final MessageType OF_PREDICTIONS =
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

  /** Beside predictions, where it is wanted: the likeliest classes, the likeliest first. */
  private static final Type TOP =
      MessageTypeParser.parseMessageType(
              """
              message ranked {
                optional group top (LIST) {
                  repeated group list {
                    required group element {
                      required int32 prediction;
                      required binary label (STRING);
                      required float probability;
                    }
                  }
                }
              }
              """)
          .getType("top");

  /** Beside predictions, where images may have several labels. */
  private static final Type LABELS =
      MessageTypeParser.parseMessageType(
              """
              message several {
                optional group labels (LIST) {
                  repeated group list {
                    required binary element (STRING);
                  }
                }
              }
              """)
          .getType("labels");

  private static final MessageType OF_FEATURES =
      MessageTypeParser.parseMessageType(
          """
          message features {
            required int64 id;
            required binary path (STRING);
            optional group features (LIST) {
              repeated group list {
                required float element;
              }
            }
            optional binary error (STRING);
          }
          """);

  private final int own;
  private final boolean ranks;
  private final MessageType schema;
  private final Map<String, Binary> labels = new HashMap<>();

  private RecordConsumer out;
  private String path;
  private Binary pathBytes;

  /**
   * Predictions with columns of their table beside them.
   *
   * @param features whether they are outputs of a layer
   * @param several whether rows name all labels of their images
   * @param ranks whether rows name the likeliest classes
   */
  PredictionFormat(boolean features, boolean several, boolean ranks, List<Type> kept) {
    MessageType rows = rows(features);
    List<Type> fields = fields(features, several, ranks);
    this.ranks = ranks;
    this.own = fields.size();
    fields.addAll(kept);
    this.schema = new MessageType(rows.getName(), fields);
  }

  private static MessageType rows(boolean features) {
    return features ? OF_FEATURES : OF_PREDICTIONS;
  }

  private static List<Type> fields(boolean features, boolean several, boolean ranks) {
    List<Type> fields = new ArrayList<>(rows(features).getFields());
    if (several && !features) {
      fields.add(LABELS);
    }
    if (ranks) {
      fields.add(TOP);
    }
    return fields;
  }

  /** The names of the columns that all predictions, or outputs of a layer, have. */
  static List<String> columns(boolean features, boolean several, boolean ranks) {
    return fields(features, several, ranks).stream().map(Type::getName).toList();
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
    field("id", () -> out.addLong(row.record().id()));
    text("path", path(row.record().place()));
    if (row.isFailed()) {
      text("error", bytes(row.error()));
    } else if (row.features() != null) {
      field("features", () -> list(row.features()));
    } else {
      field("prediction", () -> out.addInteger(row.prediction()));
      text("label", label(row.label()));
      field("probabilities", () -> list(row.probabilities()));
      if (row.labels() != null) {
        field("labels", () -> texts(row.labels()));
      }
      if (ranks) {
        field("top", () -> list(row.top()));
      }
    }
    KeptFields.write(out, row.record().kept(), own);
    out.endMessage();
  }

  private void field(String name, Runnable value) {
    int index = schema.getFieldIndex(name);
    out.startField(name, index);
    value.run();
    out.endField(name, index);
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

  private void texts(List<String> names) {
    out.startGroup();
    if (!names.isEmpty()) {
      out.startField("list", 0);
      for (String name : names) {
        out.startGroup();
        out.startField("element", 0);
        out.addBinary(label(name));
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
  }

  private void list(List<RankedClass> top) {
    out.startGroup();
    out.startField("list", 0);
    for (RankedClass ranked : top) {
      out.startGroup();
      out.startField("element", 0);
      out.startGroup();
      out.startField("prediction", 0);
      out.addInteger(ranked.prediction());
      out.endField("prediction", 0);
      out.startField("label", 1);
      out.addBinary(label(ranked.label()));
      out.endField("label", 1);
      out.startField("probability", 2);
      out.addFloat(ranked.probability());
      out.endField("probability", 2);
      out.endGroup();
      out.endField("element", 0);
      out.endGroup();
    }
    out.endField("list", 0);
    out.endGroup();
  }

  private Binary label(String name) {
    return labels.computeIfAbsent(name, PredictionFormat::bytes);
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

  private void text(String name, Binary text) {
    field(name, () -> out.addBinary(text));
  }
}
