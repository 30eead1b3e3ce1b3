package dev.featuremap.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss and gradient of one trainer on one mini-batch, to hold against another's.
 *
 * <p>Two right trainers can still differ: where an activation is within rounding of zero, or two of
 * a window are of each other, they may pass a gradient to different places. That moves the gradient
 * of one mini-batch by a part of one image's share. A wrong trainer differs on every mini-batch, so
 * agreement on one of {@link #BATCHES} is enough.
 *
 * @param loss mean loss of the mini-batch
 * @param gradient in the layout of the plan
 */
record GradientCheck(double loss, float[] gradient) {
  /** Allowed difference: of the loss, and of the largest gradient. */
  private static final double TOLERANCE = 1e-4;

  /** Mini-batches to look at. */
  private static final int BATCHES = 4;

  /** Asks a trainer, prepared without dropout, for the first mini-batches. */
  static List<GradientCheck> of(TrainerProcess trainer) throws IOException {
    List<GradientCheck> checks = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      checks.add(of(trainer, batch));
    }
    return checks;
  }

  /**
   * Throws if a peer, prepared without dropout, computes something else on every mini-batch;
   * returns how far its gradients are off where they agree, as a share of the largest.
   */
  static double requireSame(List<GradientCheck> expected, TrainerProcess peer) throws IOException {
    IOException difference = null;
    for (int batch = 0; batch < expected.size(); batch++) {
      try {
        return expected.get(batch).requireSame(of(peer, batch), peer.contestant().name());
      } catch (IOException e) {
        difference = e;
      }
    }
    throw difference;
  }

  private static GradientCheck of(TrainerProcess trainer, int batch) throws IOException {
    Path file = Files.createTempFile("gradient", ".floats");
    try {
      double loss = trainer.check(batch, file);
      float[] gradient = new float[(int) (Files.size(file) / Float.BYTES)];
      try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        for (int k = 0; k < gradient.length; k++) {
          gradient[k] = in.readFloat();
        }
      }
      return new GradientCheck(loss, gradient);
    } finally {
      Files.delete(file);
    }
  }

  private double requireSame(GradientCheck peer, String name) throws IOException {
    double largest = 0;
    double difference = 0;
    for (int k = 0; k < gradient.length; k++) {
      largest = Math.max(largest, Math.abs(gradient[k]));
      double distance = Math.abs((double) gradient[k] - peer.gradient[k]);
      difference = Double.isNaN(distance) ? distance : Math.max(difference, distance);
    }
    boolean sameLoss = Math.abs(loss - peer.loss) <= TOLERANCE * Math.abs(loss);
    if (!sameLoss || !(difference <= TOLERANCE * largest)) {
      throw new IOException(
          ("Cannot compare with %s: loss and gradient must agree to %s, got loss %s and a gradient"
                  + " that differs by %s, expected loss %s and gradients up to %s.")
              .formatted(name, TOLERANCE, peer.loss, difference, loss, largest));
    }
    return difference / largest;
  }
}
