package dev.featuremap.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What a trainer computes, to hold against a peer before either is timed: gradients of the first
 * mini-batches from the starting parameters, and the losses of some steps.
 *
 * @param gradients one a mini-batch
 * @param losses before each of {@value #STEPS} steps
 */
record PeerCheck(List<GradientCheck> gradients, double[] losses) {
  private static final int STEPS = 10;

  /** Allowed difference of a loss. */
  private static final double TOLERANCE = 1e-3;

  /** Asks a trainer, prepared without dropout; it has taken steps then. */
  static PeerCheck of(TrainerProcess trainer) throws IOException {
    return new PeerCheck(GradientCheck.of(trainer), trainer.losses(STEPS));
  }

  /** Throws if a peer, prepared without dropout, computes something else; else says how close. */
  String requireSame(TrainerProcess peer) throws IOException {
    double gradient = GradientCheck.requireSame(gradients, peer);
    double[] others = peer.losses(STEPS);
    double loss = 0;
    for (int step = 0; step < STEPS; step++) {
      double distance = Math.abs(losses[step] - others[step]) / Math.abs(losses[step]);
      if (!(distance <= TOLERANCE)) {
        throw new IOException(
            "Cannot compare with %s: losses of %d steps must agree to %s, got %s before step %d, expected %s."
                .formatted(
                    peer.contestant().name(),
                    STEPS,
                    TOLERANCE,
                    others[step],
                    step + 1,
                    losses[step]));
      }
      loss = Math.max(loss, distance);
    }
    return String.format(
        Locale.ROOT, "gradients agree to %.1e, losses of %d steps to %.1e", gradient, STEPS, loss);
  }
}
