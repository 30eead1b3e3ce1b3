package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;

/** The learning-rate schedules a configuration can name. */
public final class Schedules {
  private enum Type {
    CONSTANT,
    STEP,
    COSINE
  }

  private Schedules() {}

  /**
   * Reads {@code type}, {@code step-epochs}, {@code factor}, {@code final-factor} and {@code
   * warmup-epochs}. Keys that the chosen type has no use for are read and checked too.
   *
   * @param epochs the length of the run, at least 1; a warm-up ends within it
   */
  public static Schedule read(Options section, int epochs) {
    Type type = section.choice("type", Type.class);
    double stepEpochs = NumberRule.POSITIVE.read(section, "step-epochs");
    double factor = NumberRule.POSITIVE.read(section, "factor");
    double finalFactor = NumberRule.SHARE.read(section, "final-factor");
    double warmUpEpochs =
        section.number(
            "warmup-epochs",
            "from 0 to the run's %s epochs".formatted(epochs),
            v -> v >= 0 && v <= epochs);
    Schedule schedule =
        switch (type) {
          case STEP -> new StepSchedule(stepEpochs, factor);
          case CONSTANT -> epoch -> 1;
          case COSINE -> new CosineSchedule(epochs, finalFactor);
        };
    return warmUpEpochs == 0 ? schedule : new WarmUp(warmUpEpochs, schedule);
  }
}
