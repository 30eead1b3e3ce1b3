package dev.featuremap.job.config;

import dev.featuremap.spec.Options;
import dev.featuremap.train.OuterMomentum;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.WireFormat;
import java.util.List;

/**
 * When and how workers become one again.
 *
 * @param every the length of a round
 * @param switchEpoch epochs at the start whose gradients are added up at every step instead
 *     (post-local SGD, Lin et al. 2020)
 * @param optimizerState what happens to the optimizer's slots
 * @param outer the driver's momentum
 * @param wire in which numbers workers send what they return
 */
public record SyncSettings(
    SyncRule every,
    int switchEpoch,
    OptimizerState optimizerState,
    OuterMomentum outer,
    WireFormat wire) {

  /** What a synchronisation does to the optimizer's slots. */
  public enum OptimizerState {
    /** They are averaged like the parameters. */
    AVERAGE,
    /** They start at zero in each round. */
    RESET
  }

  static SyncSettings read(Options section, int epochs) {
    String every = section.text("every");
    SyncRule rule =
        SyncRule.parse(every)
            .orElseGet(
                () -> {
                  section.problem(
                      "Cannot use sync.every: expected epoch, 1 step or a number of steps such as 16 steps, got \"%s\"."
                          .formatted(every));
                  return SyncRule.EPOCH;
                });
    int switchEpoch = section.integer("switch-epoch", 0, epochs - 1);
    SyncSettings settings =
        new SyncSettings(
            rule,
            switchEpoch,
            section.choice("optimizer-state", OptimizerState.class),
            OuterMomentum.read(section.section("outer")),
            section.choice("wire", WireFormat.class));
    if (rule.sharesGradients()) {
      settings.checkEveryStep(section);
    }
    return settings;
  }

  /** Adding gradients up at every step leaves nothing to switch to, and no rounds to remember. */
  private void checkEveryStep(Options section) {
    if (switchEpoch > 0) {
      section.problem(
          "Cannot use sync.switch-epoch = %s with sync.every = \"1 step\": before and after the switch every step would be synchronised. Set sync.every to epoch or a number of steps, or sync.switch-epoch to 0."
              .formatted(switchEpoch));
    }
    if (outer.remembers()) {
      section.problem(
          "Cannot use sync.outer.type = %s with sync.every = \"1 step\": the driver then makes every step, and momentum over rounds is momentum over steps. Set train.optimizer.momentum, or sync.outer.type to none."
              .formatted(outer.type()));
    }
  }

  /** The rounds of an epoch. */
  public List<Round> rounds(int epoch, int stepsPerEpoch) {
    SyncRule rule = epoch < switchEpoch ? SyncRule.EVERY_STEP : every;
    return Round.ofEpoch(epoch, stepsPerEpoch, rule, optimizerState == OptimizerState.RESET);
  }

  /** For people, as in {@code averaged every 8 steps, slowmo 0.5}. */
  @Override
  public String toString() {
    return "%saveraged every %s%s"
        .formatted(
            switchEpoch == 0 ? "" : "one at every step, from epoch %s ".formatted(switchEpoch + 1),
            every,
            outer.remembers() ? ", %s %s".formatted(outer.type(), outer.momentum()) : "");
  }
}
