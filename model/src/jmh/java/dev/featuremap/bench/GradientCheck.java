package dev.featuremap.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The loss and gradient of one trainer, to hold against another's.
 *
 * @param loss mean loss of the first mini-batch
 * @param gradient in the layout of the plan
 */
record GradientCheck(double loss, float[] gradient) {
  /** Allowed difference: of the loss, and of the largest gradient. */
  private static final double TOLERANCE = 1e-4;

  /** Asks a trainer that was prepared without dropout. */
  static GradientCheck of(TrainerProcess trainer) throws IOException {
    Path file = Files.createTempFile("gradient", ".floats");
    try {
      double loss = trainer.check(file);
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

  /** Throws if a peer computes something else. */
  void requireSame(GradientCheck peer, String name) throws IOException {
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
  }
}
