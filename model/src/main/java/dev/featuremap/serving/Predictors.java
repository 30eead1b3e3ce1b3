package dev.featuremap.serving;

import dev.featuremap.data.Shard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.GradCam;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * The predictors of one model: one for each thread that predicts at the same time, at most one for
 * each processor, since each has room for the activations of a block of images. Other threads wait.
 */
final class Predictors {
  private final ModelFile model;
  private final Predictor first;
  private final Semaphore free = new Semaphore(Runtime.getRuntime().availableProcessors());
  private final ConcurrentLinkedDeque<Predictor> idle = new ConcurrentLinkedDeque<>();

  private Optional<GradCam> cam; // made when it is first asked for

  Predictors(ModelFile model) {
    this.model = model;
    this.first = new Predictor(model.plan(), KernelLookup.kernels(), model.values(), Team.alone());
    idle.push(first);
  }

  /** See {@link Predictor#outputsInto}. */
  void outputsInto(Shard images, float[] logits, float[] probabilities) {
    free.acquireUninterruptibly();
    try {
      Predictor one = idle.poll();
      Predictor predictor = one == null ? first.fork() : one;
      predictor.outputsInto(images, logits, probabilities);
      // What has thrown is not used again.
      idle.push(predictor);
    } finally {
      free.release();
    }
  }

  /** See {@link Classifier#gradCam}; one caller at a time. */
  synchronized Optional<float[]> cam(byte[] pixels, int label) {
    if (cam == null) {
      cam = GradCam.of(model.plan(), KernelLookup.kernels(), model.values());
    }
    return cam.map(one -> one.overImage(one.map(pixels, label)));
  }
}
