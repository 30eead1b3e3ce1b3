package dev.featuremap.job.config;

import dev.featuremap.spec.Options;
import dev.featuremap.train.SyncRule;

/**
 * When and how workers become one again.
 *
 * @param every the length of a round
 * @param optimizerState what happens to the optimizer's slots
 */
public record SyncSettings(SyncRule every, OptimizerState optimizerState) {

  /** What a synchronisation does to the optimizer's slots. */
  public enum OptimizerState {
    /** They are averaged like the parameters. */
    AVERAGE,
    /** They start at zero in each round. */
    RESET
  }

  static SyncSettings read(Options section) {
    String every = section.text("every", "epoch");
    SyncRule rule =
        SyncRule.parse(every)
            .orElseGet(
                () -> {
                  section.problem(
                      "Cannot use sync.every: expected epoch, 1 step or a number of steps such as 16 steps, got \"%s\"."
                          .formatted(every));
                  return SyncRule.EPOCH;
                });
    String state = section.choice("optimizer-state", "average", "average", "reset");
    return new SyncSettings(
        rule, state.equals("reset") ? OptimizerState.RESET : OptimizerState.AVERAGE);
  }
}
