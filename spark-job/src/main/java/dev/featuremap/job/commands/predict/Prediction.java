package dev.featuremap.job.commands.predict;

import dev.featuremap.job.images.source.SourceRecord;
import org.apache.spark.sql.Row;

/** What is written of one record: a prediction, or why there is none. */
final class Prediction {
  private final long id;
  private final String path;
  private final String label;
  private final int prediction;
  private final float[] probabilities;
  private final String error;
  private final Row kept;

  private Prediction(
      SourceRecord record, String label, int prediction, float[] probabilities, String error) {
    this.id = record.id();
    this.path = record.place();
    this.kept = record.kept();
    this.label = label;
    this.prediction = prediction;
    this.probabilities = probabilities;
    this.error = error;
  }

  /**
   * What the network says of an image.
   *
   * @param label the name of the class {@code prediction}
   * @param probabilities of all classes; taken as they are
   */
  static Prediction of(SourceRecord record, String label, int prediction, float[] probabilities) {
    return new Prediction(record, label, prediction, probabilities, null);
  }

  /** A record that is no image. */
  static Prediction failed(SourceRecord record, String error) {
    return new Prediction(record, null, -1, null, error);
  }

  boolean isFailed() {
    return error != null;
  }

  long id() {
    return id;
  }

  String path() {
    return path;
  }

  String label() {
    return label;
  }

  int prediction() {
    return prediction;
  }

  float[] probabilities() {
    return probabilities;
  }

  String error() {
    return error;
  }

  /** What is kept of the record; null if nothing is. */
  Row kept() {
    return kept;
  }
}
