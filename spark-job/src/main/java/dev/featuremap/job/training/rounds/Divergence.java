package dev.featuremap.job.training.rounds;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.Round;
import dev.featuremap.train.WorkerResult;
import java.util.List;

/** Ends a run whose numbers are no longer finite, before they reach a checkpoint. */
final class Divergence {
  private Divergence() {}

  /** Checks what the workers report of a round. */
  static void checkLoss(List<WorkerResult> results, Round round) {
    for (WorkerResult result : results) {
      if (!Double.isFinite(result.lossSum())) {
        throw diverged(
            "the loss of worker %s in %s must be finite, got %s"
                .formatted(result.worker(), place(round), result.lossSum()));
      }
    }
  }

  /** The last step of a round can overflow after its loss was taken. */
  static void checkState(float[] state, StateLayout layout, Round round) {
    for (int k = 0; k < state.length; k++) {
      if (!Float.isFinite(state[k])) {
        String what =
            k < layout.parameters()
                ? "parameters"
                : k < layout.buffersAt() ? "values of the optimizer" : "running statistics";
        throw diverged(
            "all %s must be finite after %s, got %s".formatted(what, place(round), state[k]));
      }
    }
  }

  /** Checks what a set says of an epoch's model. */
  static void checkLoss(Evaluation evaluation, String set, int epoch) {
    if (!Double.isFinite(evaluation.loss())) {
      throw diverged(
          "the %s loss after epoch %s must be finite, got %s"
              .formatted(set, epoch + 1, evaluation.loss()));
    }
  }

  private static JobException diverged(String rule) {
    return JobException.badData(
        "Cannot go on training: %s. Lower train.learning-rate or set train.clip-norm; checkpoints published before stay."
            .formatted(rule));
  }

  private static String place(Round round) {
    return "epoch %s, round %s".formatted(round.epoch() + 1, round.index() + 1);
  }
}
