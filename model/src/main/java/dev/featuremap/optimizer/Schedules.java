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
          case STEP -> new Step(stepEpochs, factor);
          case CONSTANT -> new Constant();
          case COSINE -> new Cosine(epochs, finalFactor);
        };
    return warmUpEpochs == 0 ? schedule : new WarmUp(warmUpEpochs, schedule);
  }

  /** The same rate throughout. */
  record Constant() implements Schedule {
    @Override
    public double factor(double epoch) {
      return 1;
    }
  }

  /**
   * Multiplies the learning rate by a factor every few epochs: {@code γ^⌊epoch / k⌋}.
   *
   * @param epochs k, above 0
   * @param factor γ, above 0
   */
  record Step(double epochs, double factor) implements Schedule {
    Step {
      NumberRule.POSITIVE.check("step-epochs", epochs);
      NumberRule.POSITIVE.check("factor", factor);
    }

    @Override
    public double factor(double epoch) {
      return StrictMath.pow(factor, Math.floor(epoch / epochs));
    }
  }

  /**
   * Half a cosine from 1 to a final factor (Loshchilov and Hutter 2017, "SGDR", equation 5, without
   * restarts): {@code f + (1 - f) · (1 + cos(π · epoch / E)) / 2}; f from E on.
   *
   * @param epochs E, where the final factor is reached, above 0
   * @param finalFactor f, from 0 to 1
   */
  record Cosine(double epochs, double finalFactor) implements Schedule {
    Cosine {
      NumberRule.POSITIVE.check("epochs", epochs);
      NumberRule.SHARE.check("final-factor", finalFactor);
    }

    @Override
    public double factor(double epoch) {
      double angle = Math.PI * Math.min(epoch / epochs, 1);
      return finalFactor + (1 - finalFactor) * (1 + StrictMath.cos(angle)) / 2;
    }
  }

  /**
   * Raises the learning rate linearly from zero to another schedule's (gradual warm-up, Goyal et
   * al. 2017, section 2.2): {@code min(1, epoch / w)} times the other factor.
   *
   * <p>Goyal et al. start at the rate of one worker; here, as in optax, at zero. The other schedule
   * runs from epoch 0, so warm-up does not delay it.
   *
   * @param epochs w, above 0
   */
  record WarmUp(double epochs, Schedule schedule) implements Schedule {
    WarmUp {
      NumberRule.POSITIVE.check("warmup-epochs", epochs);
    }

    @Override
    public double factor(double epoch) {
      return Math.min(1, epoch / epochs) * schedule.factor(epoch);
    }
  }
}
