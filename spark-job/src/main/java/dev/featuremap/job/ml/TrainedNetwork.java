package dev.featuremap.job.ml;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.List;

/** A network on the driver, for one image at a time. */
final class TrainedNetwork {
  private final ModelFile file;

  TrainedNetwork(ModelFile file) {
    this.file = file;
  }

  ModelFile file() {
    return file;
  }

  int classes() {
    return file.plan().classes();
  }

  /** The images it takes. */
  Shape shape() {
    return file.plan().spec().input().shape();
  }

  /**
   * The logits of an image.
   *
   * @throws IllegalArgumentException if it is none
   */
  double[] logits(ImageReading reading, ImageContent content) {
    float[] logits = new float[classes()];
    try (Team team = Team.alone()) {
      byte[] pixels = reading.pixels(0, "the call", content);
      ImageChunk image = new ImageChunk(shape(), new long[1], new int[1], pixels);
      new Predictor(file.plan(), KernelLookup.kernels(), file.values(), team)
          .logitsInto(new MemoryShard(List.of(image)), logits);
    } catch (BadImageException e) {
      throw new IllegalArgumentException(
          "Cannot predict an image: %s.".formatted(e.getMessage()), e);
    }
    double[] wide = new double[logits.length];
    for (int k = 0; k < logits.length; k++) {
      wide[k] = logits[k];
    }
    return wide;
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
        .over(logits.length, KernelLookup.kernels(), 0)
        .probabilities(block, block);
    for (int k = 0; k < logits.length; k++) {
      logits[k] = block[k * Lanes.COUNT];
    }
  }
}
