package dev.featuremap.optimizer;

import dev.featuremap.spec.Options;
import java.util.List;

/** The learning-rate schedules a configuration can name. */
public final class Schedules {
  private enum Type {
    CONSTANT,
    STEP,
    COSINE,
    ONE_CYCLE,
    EXPONENTIAL,
    POLYNOMIAL,
    PLATEAU
  }

  private Schedules() {}

  /**
   * Reads {@code type} and the settings of all schedules. Keys that the chosen type has no use for
   * are read and checked too.
   *
   * @param epochs the length of the run, at least 1; a warm-up ends within it
   */
  public static Schedule read(Options section, int epochs) {
    Type type = section.choice("type", Type.class);
    double stepEpochs = NumberRule.POSITIVE.read(section, "step-epochs");
    double factor = NumberRule.POSITIVE.read(section, "factor");
    double finalFactor = NumberRule.SHARE.read(section, "final-factor");
    double power = NumberRule.POSITIVE.read(section, "power");
    double rise = NumberRule.SHARE.read(section, "rise");
    double startFactor = NumberRule.SHARE.read(section, "start-factor");
    Plateau plateau = Plateau.read(section, factor, finalFactor, type == Type.PLATEAU);
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
          case ONE_CYCLE -> new OneCycle(epochs, rise, startFactor, finalFactor);
          case EXPONENTIAL -> new Exponential(stepEpochs, factor);
          case POLYNOMIAL -> new Polynomial(epochs, power, finalFactor);
          case PLATEAU -> plateau;
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
   * The smooth form of {@link Step}: {@code γ^(epoch / k)}. With k = 1 it has the rate of PyTorch's
   * {@code ExponentialLR} at the beginning of each epoch, and goes on falling within it, as
   * TensorFlow's {@code ExponentialDecay} does.
   *
   * @param epochs k, above 0
   * @param factor γ, above 0
   */
  record Exponential(double epochs, double factor) implements Schedule {
    Exponential {
      NumberRule.POSITIVE.check("step-epochs", epochs);
      NumberRule.POSITIVE.check("factor", factor);
    }

    @Override
    public double factor(double epoch) {
      return StrictMath.pow(factor, epoch / epochs);
    }
  }

  /**
   * From 1 to a final factor along a power: {@code f + (1 - f) · (1 - epoch / E)^p}; f from E on.
   *
   * @param epochs E, where the final factor is reached, above 0
   * @param power p, above 0; 1 is a straight line
   * @param finalFactor f, from 0 to 1
   */
  record Polynomial(double epochs, double power, double finalFactor) implements Schedule {
    Polynomial {
      NumberRule.POSITIVE.check("epochs", epochs);
      NumberRule.POSITIVE.check("power", power);
      NumberRule.SHARE.check("final-factor", finalFactor);
    }

    @Override
    public double factor(double epoch) {
      double left = 1 - Math.min(epoch / epochs, 1);
      return finalFactor + (1 - finalFactor) * StrictMath.pow(left, power);
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

    @Override
    public double factor(double epoch, double step) {
      return Math.min(1, epoch / epochs) * schedule.factor(epoch, step);
    }

    @Override
    public boolean watches() {
      return schedule.watches();
    }

    @Override
    public double reduction(List<Outcome> outcomes) {
      return schedule.reduction(outcomes);
    }
  }
}
