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
  private final boolean several;
  private final int top;

  /**
   * A way to make rows.
   *
   * @param labels names of the classes in order; a class without a name has its number
   * @param classes outputs of the network
   * @param areFeatures whether rows get the output of a layer in place of a prediction
   * @param several whether images may have several labels
   * @param top how many of the likeliest classes rows name
   */
  Predictions(
      ImageReading reading,
      List<String> labels,
      int classes,
      boolean areFeatures,
      boolean several,
      int top) {
    this.reading = reading;
    this.areFeatures = areFeatures;
    this.several = several;
    this.top = top;
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
    List<RankedClass> ranked = RankedClass.largest(Math.max(1, top), logits, probabilities, names);
    RankedClass first = ranked.get(0);
    return new Prediction(
        record,
        first.prediction(),
        first.label(),
        probabilities,
        several ? likely(probabilities) : null,
        ranked,
        null,
        null);
  }

  private List<String> likely(float[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .filter(c -> probabilities[c] >= 0.5f)
        .mapToObj(names::get)
        .toList();
  }

  @Override
  public Prediction failed(SourceRecord record, BadImageException why) {
    return Prediction.failed(record, why.getMessage());
  }
}
