package dev.featuremap.job.commands.predict;

import dev.featuremap.image.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.models.prediction.BatchPredictor;
import java.util.List;
import java.util.stream.IntStream;

/** A row for each record; one that is no image becomes a row that says so. */
final class Predictions implements BatchPredictor.Form<SourceRecord, Prediction> {
  private final ImageReading reading;
  private final List<String> names;
  private final boolean areFeatures;

  /**
   * A way to make rows.
   *
   * @param labels names of the classes in order; a class without a name has its number
   * @param classes outputs of the network
   * @param areFeatures whether rows get the output of a layer in place of a prediction
   */
  Predictions(ImageReading reading, List<String> labels, int classes, boolean areFeatures) {
    this.reading = reading;
    this.areFeatures = areFeatures;
    this.names =
        IntStream.range(0, classes)
            .mapToObj(k -> k < labels.size() ? labels.get(k) : Integer.toString(k))
            .toList();
  }

  @Override
  public byte[] pixels(SourceRecord record) throws BadImageException {
    return reading.pixels(record.id(), record.place(), record.content());
  }

  @Override
  public Prediction output(SourceRecord record, float[] logits, float[] probabilities) {
    if (areFeatures) {
      return Prediction.ofFeatures(record, logits);
    }
    int prediction = largest(logits);
    return new Prediction(record, prediction, names.get(prediction), probabilities, null, null);
  }

  /** The first of equals; NaN is never larger. */
  private static int largest(float[] logits) {
    int largest = 0;
    for (int k = 1; k < logits.length; k++) {
      if (logits[k] > logits[largest]) {
        largest = k;
      }
    }
    return largest;
  }

  @Override
  public Prediction failed(SourceRecord record, BadImageException why) {
    return Prediction.failed(record, why.getMessage());
  }
}
