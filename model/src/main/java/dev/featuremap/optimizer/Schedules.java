package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;

/** The learning-rate schedules a configuration can name. */
public final class Schedules {
  private Schedules() {}

  /**
   * Reads {@code type}, {@code step-epochs}, {@code factor}, {@code final-factor} and {@code
   * warmup-epochs}. Keys that the chosen type has no use for are read and checked too.
   *
   * @param epochs the length of the run, at least 1; a warm-up ends within it
   */
  public static Schedule read(Options section, int epochs) {
    String type = section.choice("type", "cosine", "constant", "step", "cosine");
    double stepEpochs = NumberRule.POSITIVE.read(section, "step-epochs", 10);
    double factor = NumberRule.POSITIVE.read(section, "factor", 0.1);
    double finalFactor = NumberRule.SHARE.read(section, "final-factor", 0);
    double warmUpEpochs =
        section.number(
            "warmup-epochs",
            0,
            "from 0 to the run's %d epochs".formatted(epochs),
            v -> v >= 0 && v <= epochs);
    Schedule schedule =
        switch (type) {
          case "step" -> new StepSchedule(stepEpochs, factor);
          case "constant" -> epoch -> 1;
          default -> new CosineSchedule(epochs, finalFactor);
        };
    return warmUpEpochs == 0 ? schedule : new WarmUp(warmUpEpochs, schedule);
  }
}
