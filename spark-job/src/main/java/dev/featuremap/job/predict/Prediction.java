package dev.featuremap.job.predict;

/** What is written of one record: a prediction, or why there is none. */
final class Prediction {
  private final long id;
  private final String path;
  private final String label;
  private final int prediction;
  private final float[] probabilities;
  private final String error;

  private Prediction(
      long id, String path, String label, int prediction, float[] probabilities, String error) {
    this.id = id;
    this.path = path;
    this.label = label;
    this.prediction = prediction;
    this.probabilities = probabilities;
    this.error = error;
  }

  /**
   * What the network says of an image.
   *
   * @param path where a person finds it
   * @param label the name of the class {@code prediction}
   * @param probabilities of all classes; taken as they are
   */
  static Prediction of(long id, String path, String label, int prediction, float[] probabilities) {
    return new Prediction(id, path, label, prediction, probabilities, null);
  }

  /** A record that is no image. */
  static Prediction failed(long id, String path, String error) {
    return new Prediction(id, path, null, -1, null, error);
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
}
