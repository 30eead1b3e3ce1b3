package dev.featuremap.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What a trainer computes, to hold against a peer before either is timed: gradients of the first
 * mini-batches from the starting parameters, and the losses of some steps.
 *
 * <p>Two right trainers can differ by more than roundings: where an activation is within rounding
 * of zero, or two of a window are of each other, they pass a gradient to different places. In a
 * deep network of rectifiers nearly every mini-batch has such places. How far that moves the
 * gradient is measured: by disturbing the parameters by as much as roundings amount to, several
 * times. A peer must agree on every mini-batch to {@value #FACTOR} times the largest move, or to
 * {@value #TOLERANCE}.
 *
 * @param gradients one a mini-batch
 * @param moved how far roundings move a gradient, as a share of its largest value
 * @param losses before each of {@value #STEPS} steps
 */
record PeerCheck(List<GradientCheck> gradients, double moved, double[] losses) {
  private static final int STEPS = 10;

  /** Allowed difference of a loss of the steps. */
  private static final double LOSS_TOLERANCE = 1e-3;

  /** Allowed difference of a gradient that roundings do not move far. */
  private static final double TOLERANCE = 1e-4;

  private static final int DISTURBANCES = 4;
  private static final double FACTOR = 3;

  /** What roundings may move a gradient by: more would hide faults. */
  private static final double MOST_MOVED = 0.02;

  /** Asks a trainer; it has taken steps then. */
  static PeerCheck of(TrainerProcess trainer, String network, int batchSize) throws IOException {
    trainer.prepareToCheck(network, batchSize, 0);
    List<GradientCheck> gradients = GradientCheck.of(trainer);
    double[] losses = trainer.losses(STEPS);
    double moved = 0;
    for (int disturbance = 1; disturbance <= DISTURBANCES; disturbance++) {
      trainer.prepareToCheck(network, batchSize, disturbance);
      moved = Math.max(moved, GradientCheck.distance(gradients, GradientCheck.of(trainer)));
    }
    if (!(moved <= MOST_MOVED)) {
      throw new IOException(
          "Cannot check gradients of %s: roundings must move them by at most %s, got %s."
              .formatted(network, MOST_MOVED, moved));
    }
    return new PeerCheck(gradients, moved, losses);
  }

  /** Throws if a peer, prepared to be checked, computes something else; else says how close. */
  String requireSame(TrainerProcess peer) throws IOException {
    String name = peer.contestant().name();
    double allowed = Math.max(TOLERANCE, FACTOR * moved);
    List<GradientCheck> others = GradientCheck.of(peer);
    for (int batch = 0; batch < gradients.size(); batch++) {
      gradients.get(batch).requireSame(others.get(batch), allowed, name);
    }
    return String.format(
        Locale.ROOT,
        "gradients agree to %.1e, where roundings move them by %.1e, losses of %d steps to %.1e",
        GradientCheck.distance(gradients, others),
        moved,
        STEPS,
        requireSameLosses(peer.losses(STEPS), name));
  }

  private double requireSameLosses(double[] others, String name) throws IOException {
    double furthest = 0;
    for (int step = 0; step < STEPS; step++) {
      double distance = Math.abs(losses[step] - others[step]) / Math.abs(losses[step]);
      if (!(distance <= LOSS_TOLERANCE)) {
        throw new IOException(
            "Cannot compare with %s: losses of %d steps must agree to %s, got %s before step %d, expected %s."
                .formatted(name, STEPS, LOSS_TOLERANCE, others[step], step + 1, losses[step]));
      }
      furthest = Math.max(furthest, distance);
    }
    return furthest;
  }
}
