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
 * @param loss mean loss of the mini-batch
 * @param gradient in the layout of the plan
 */
record GradientCheck(double loss, float[] gradient) {
  /** Allowed difference of the loss, which no rounding makes jump. */
  private static final double LOSS_TOLERANCE = 1e-5;

  /** Mini-batches to look at. */
  private static final int BATCHES = 4;

  /** Asks a trainer for the first mini-batches. */
  static List<GradientCheck> of(TrainerProcess trainer) throws IOException {
    List<GradientCheck> checks = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      checks.add(of(trainer, batch));
    }
    return checks;
  }

  /** The largest {@link #distance} of the gradients of the same mini-batches. */
  static double distance(List<GradientCheck> expected, List<GradientCheck> others) {
    double distance = 0;
    for (int batch = 0; batch < expected.size(); batch++) {
      distance = Math.max(distance, expected.get(batch).distance(others.get(batch)));
    }
    return distance;
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

  /** How far another gradient is off, as a share of the largest value here; NaN if it is. */
  private double distance(GradientCheck other) {
    double largest = 0;
    double difference = 0;
    for (int k = 0; k < gradient.length; k++) {
      largest = Math.max(largest, Math.abs(gradient[k]));
      difference = Math.max(difference, Math.abs((double) gradient[k] - other.gradient[k]));
    }
    return difference / largest;
  }

  /** Throws if a peer's loss or gradient is further off than rounding explains. */
  void requireSame(GradientCheck peer, double allowed, String name) throws IOException {
    double distance = distance(peer);
    boolean sameLoss = Math.abs(loss - peer.loss) <= LOSS_TOLERANCE * Math.abs(loss);
    if (!sameLoss || !(distance <= allowed)) {
      throw new IOException(
          ("Cannot compare with %s: the loss must agree to %.0e and the gradient to %.1e of its"
                  + " largest value, got loss %s and a gradient that is %.1e off, expected loss %s.")
              .formatted(name, LOSS_TOLERANCE, allowed, peer.loss, distance, loss));
    }
  }
}
