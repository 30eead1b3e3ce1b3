package dev.featuremap.job.commands.predict;

import dev.featuremap.job.images.source.SourceRecord;
import java.util.List;

/**
 * What is written of one record: a prediction, or why there is none.
 *
 * @param prediction the class; -1 if there is none
 * @param label the name of the class; null if there is none
 * @param probabilities of all classes, as they are; null if there is no prediction
 * @param labels the names of all classes with a probability of one half or more, where images may
 *     have several; null elsewhere
 * @param top the likeliest classes, as many as are wanted; null if there is no prediction
 * @param features the output of a layer, if that is wanted in place of a prediction; else null
 * @param error why there is none; null if there is one
 */
record Prediction(
    SourceRecord record,
    int prediction,
    String label,
    float[] probabilities,
    List<String> labels,
    List<RankedClass> top,
    float[] features,
    String error) {

  /** A record that is no image. */
  static Prediction failed(SourceRecord record, String error) {
    return new Prediction(record, -1, null, null, null, null, null, error);
  }

  /** The output of a layer. */
  static Prediction ofFeatures(SourceRecord record, float[] features) {
    return new Prediction(record, -1, null, null, null, null, features, null);
  }

  boolean isFailed() {
    return error != null;
  }
}
