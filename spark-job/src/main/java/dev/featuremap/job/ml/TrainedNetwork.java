package dev.featuremap.job.ml;

import dev.featuremap.format.ModelFile;
import dev.featuremap.image.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.models.prediction.BatchPredictor;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.Team;
import java.util.List;

/** A network on the driver, for one image at a time. */
record TrainedNetwork(ModelFile file) {

  int classes() {
    return file.plan().classes();
  }

  /** The images it takes. */
  Shape shape() {
    return file.plan().spec().input().shape();
  }

  /** Says so if there is no layer of that name. */
  void checkLayer(String name, List<String> problems) {
    try {
      file.plan().upTo(name);
    } catch (IllegalArgumentException e) {
      problems.add("Cannot use featuresLayer: %s.".formatted(e.getMessage()));
    }
  }

  /**
   * The logits of an image.
   *
   * @throws IllegalArgumentException if it is none
   */
  double[] logits(ImageReading reading, ImageContent content) {
    try (Team team = Team.alone()) {
      return new BatchPredictor<>(file.plan(), file.values(), team, new OneImage(reading))
          .of(List.of(content).iterator())
          .next();
    }
  }

  /** Turns logits into what the network's loss makes of them. */
  void probabilitiesInPlace(double[] logits) {
    float[] block = new float[logits.length * Lanes.COUNT];
    for (int k = 0; k < logits.length; k++) {
      block[k * Lanes.COUNT] = (float) logits[k];
    }
    file.plan()
        .spec()
        .loss()
        .over(logits.length, KernelLookup.kernels())
        .probabilities(block, block);
    for (int k = 0; k < logits.length; k++) {
      logits[k] = block[k * Lanes.COUNT];
    }
  }

  static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int k = 0; k < values.length; k++) {
      wide[k] = values[k];
    }
    return wide;
  }

  private record OneImage(ImageReading reading)
      implements BatchPredictor.Form<ImageContent, double[]> {
    @Override
    public byte[] pixels(ImageContent content) throws BadImageException {
      return reading.pixels(0, "the call", content);
    }

    @Override
    public double[] output(ImageContent content, float[] logits, float[] probabilities) {
      return wide(logits);
    }

    @Override
    public double[] failed(ImageContent content, BadImageException why) {
      throw new IllegalArgumentException(
          "Cannot predict an image: %s.".formatted(why.getMessage()), why);
    }
  }
}
