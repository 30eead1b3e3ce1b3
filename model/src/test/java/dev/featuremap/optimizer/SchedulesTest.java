package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulesTest {
  private static final Comparator<Double> CLOSE =
      (a, b) -> Math.abs(a - b) < 1e-8 ? 0 : Double.compare(a, b);

  private final List<String> problems = new ArrayList<>();

  @Test
  void followsACosineByDefault() {
    assertThat(read("", 30).factor(0)).isEqualTo(1);
    assertThat(read("", 30).factor(30)).isZero();
  }

  @Test
  void keepsAConstantRate() {
    Schedule schedule = read("type = constant", 30);

    assertThat(schedule.factor(0)).isEqualTo(1);
    assertThat(schedule.factor(29.9)).isEqualTo(1);
  }

  @Test
  void dropsByTheFactorEveryFewEpochs() {
    Schedule schedule = read("type = step, step-epochs = 3, factor = 0.5", 10);

    assertThat(schedule.factor(2.99)).isEqualTo(1);
    assertThat(schedule.factor(3)).isEqualTo(0.5);
    assertThat(schedule.factor(6)).isEqualTo(0.25);
  }

  @Test
  void followsHalfACosineToTheFinalFactor() {
    Schedule schedule = read("type = cosine, final-factor = 0.2", 10);

    assertThat(schedule.factor(0)).isEqualTo(1);
    assertThat(schedule.factor(5)).isCloseTo(0.6, within(1e-15)); // 0.2 + 0.8 / 2
    assertThat(schedule.factor(10)).isEqualTo(0.2);
    assertThat(schedule.factor(25)).isEqualTo(0.2);
  }

  @Test
  void warmsUpLinearlyToTheScheduleBeneath() {
    Schedule schedule = read("type = step, step-epochs = 1, factor = 0.5, warmup-epochs = 2", 10);

    assertThat(schedule.factor(0)).isZero();
    assertThat(schedule.factor(0.5)).isEqualTo(0.25);
    assertThat(schedule.factor(1.5)).isEqualTo(0.375); // 0.75 · 0.5
    assertThat(schedule.factor(2)).isEqualTo(0.25);
  }

  /** Values of PyTorch 2.15.0's OneCycleLR(max_lr=1, total_steps=20). */
  @Test
  void goesThroughOneCycleOfPytorch() {
    Schedule schedule = read("type = one-cycle, final-factor = 4e-6", 4);

    assertThat(rates(schedule, 5, 20))
        .usingElementComparator(CLOSE)
        .containsExactly(
            0.04,
            0.131671843,
            0.371671843,
            0.668328157,
            0.908328157,
            1.0,
            0.987464006,
            0.950484632,
            0.890916178,
            0.811745654,
            0.716943002,
            0.611262022,
            0.500002,
            0.388741978,
            0.283060998,
            0.188258346,
            0.109087822,
            0.049519368,
            0.0125399938,
            4e-06);
  }

  /** Values of OneCycleLR(1, total_steps=12, pct_start=0.5, div_factor=10, final_div_factor=10). */
  @Test
  void goesThroughACycleOfAnotherForm() {
    Schedule schedule =
        read("type = one-cycle, rise = 0.5, start-factor = 0.1, final-factor = 0.01", 12);

    assertThat(rates(schedule, 1, 12))
        .usingElementComparator(CLOSE)
        .containsExactly(
            0.1,
            0.185942353,
            0.410942353,
            0.689057647,
            0.914057647,
            1.0,
            0.933682575,
            0.7525,
            0.505,
            0.2575,
            0.0763174251,
            0.01);
  }

  @Test
  void aCycleMayHaveNoRiseOrNoFall() {
    assertThat(rates(read("type = one-cycle, rise = 0", 2), 1, 2)).containsExactly(1.0, 0.0);
    assertThat(rates(read("type = one-cycle, rise = 0", 1), 1, 1)).containsExactly(0.0);
    assertThat(rates(read("type = one-cycle, rise = 1, start-factor = 0.5", 2), 1, 2))
        .containsExactly(0.5, 0.0);
  }

  /** Values of PyTorch 2.15.0's ExponentialLR(gamma=0.9), at whole epochs. */
  @Test
  void fallsExponentially() {
    Schedule schedule = read("type = exponential, step-epochs = 1, factor = 0.9", 6);

    assertThat(rates(schedule, 1, 6))
        .usingElementComparator(CLOSE)
        .containsExactly(1.0, 0.9, 0.81, 0.729, 0.6561, 0.59049);
    assertThat(schedule.factor(0.5)).isCloseTo(Math.sqrt(0.9), within(1e-15));
  }

  /** Values of PyTorch 2.15.0's PolynomialLR(total_iters=8, power=2). */
  @Test
  void fallsAlongAPower() {
    assertThat(rates(read("type = polynomial, power = 2", 4), 2, 10))
        .usingElementComparator(CLOSE)
        .containsExactly(
            1.0, 0.765625, 0.5625, 0.390625, 0.25, 0.140625, 0.0625, 0.015625, 0.0, 0.0);
    assertThat(read("type = polynomial, final-factor = 0.2", 10).factor(5))
        .isCloseTo(0.6, within(1e-15));
  }

  /** Values of ReduceLROnPlateau(factor=0.5, patience=1, cooldown=2, min_lr=0.2) at a rate of 1. */
  @Test
  void lowersTheRateOnAPlateauOfTheLoss() {
    Schedule schedule =
        read("type = plateau, factor = 0.5, patience = 1, cooldown = 2, final-factor = 0.2", 16);
    double[] losses = {
      2, 1.5, 1.4999, 1.6, 1.4, 1.4, 1.39995, 1.5, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3
    };

    assertThat(reductions(schedule, losses))
        .containsExactly(
            1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2);
    assertThat(schedule.watches()).isTrue();
    assertThat(schedule.factor(7)).isEqualTo(1);
  }

  /** Values of ReduceLROnPlateau(mode="max", patience=2, threshold=0.01). */
  @Test
  void lowersTheRateOnAPlateauOfTheAccuracy() {
    Schedule schedule =
        read("type = plateau, metric = accuracy, patience = 2, threshold = 0.01", 14);
    double[] accuracies = {.1, .2, .2, .2, .3, .30001, .25, .4, .4, .4, .4, .4, .4, .4};

    assertThat(reductions(schedule, accuracies))
        .containsExactly(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.1);
  }

  @Test
  void aWarmUpPassesOnWhatIsWatched() {
    Schedule schedule = read("type = plateau, patience = 0, warmup-epochs = 2", 4);

    assertThat(schedule.watches()).isTrue();
    assertThat(schedule.reduction(List.of(outcome(1), outcome(1)))).isEqualTo(0.1);
    assertThat(read("warmup-epochs = 2", 4).watches()).isFalse();
    assertThat(read("", 4).reduction(List.of(outcome(1), outcome(1)))).isEqualTo(1);
  }

  @Test
  void refusesAPlateauThatRaisesTheRate() {
    read("type = plateau, factor = 1.5", 4);

    assertThat(problems)
        .containsExactly(
            "Cannot use schedule.factor: a plateau must lower the rate, expected a number from 0"
                + " to below 1, got 1.5.");
  }

  private static List<Double> rates(Schedule schedule, int stepsPerEpoch, int steps) {
    List<Double> rates = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      rates.add(schedule.factor((double) step / stepsPerEpoch, 1.0 / stepsPerEpoch));
    }
    return rates;
  }

  private static List<Double> reductions(Schedule schedule, double... values) {
    List<Schedule.Outcome> outcomes = new ArrayList<>();
    List<Double> reductions = new ArrayList<>();
    for (double value : values) {
      reductions.add(schedule.reduction(outcomes));
      outcomes.add(outcome(value));
    }
    return reductions;
  }

  private static Schedule.Outcome outcome(double value) {
    return new Schedule.Outcome(value, value);
  }

  @Test
  void reportsEveryProblemAtOnce() {
    read(
        "type = linear, step-epochs = 0, factor = -1, final-factor = 2, power = 0, rise = 2,"
            + " start-factor = -1, metric = top5, patience = -1, threshold = 1, cooldown = -1,"
            + " warmup-epochs = 11, x = 1",
        10);

    assertThat(problems)
        .containsExactly(
            "Cannot use schedule.type: expected one of constant, step, cosine, one-cycle, exponential,"
                + " polynomial, plateau, got \"linear\".",
            "Cannot use schedule.step-epochs: expected a number above 0, got 0.",
            "Cannot use schedule.factor: expected a number above 0, got -1.",
            "Cannot use schedule.final-factor: expected a number from 0 to 1, got 2.",
            "Cannot use schedule.power: expected a number above 0, got 0.",
            "Cannot use schedule.rise: expected a number from 0 to 1, got 2.",
            "Cannot use schedule.start-factor: expected a number from 0 to 1, got -1.",
            "Cannot use schedule.metric: expected one of loss, accuracy, got \"top5\".",
            "Cannot use schedule.patience: expected an integer from 0 to 1000000, got -1.",
            "Cannot use schedule.threshold: expected a number from 0 to below 1, got 1.",
            "Cannot use schedule.cooldown: expected an integer from 0 to 1000000, got -1.",
            "Cannot use schedule.warmup-epochs: expected a number from 0 to the run's 10 epochs,"
                + " got 11.",
            "Cannot use schedule.x: unknown key. Known keys: type, step-epochs, factor,"
                + " final-factor, power, rise, start-factor, metric, patience, threshold, cooldown,"
                + " warmup-epochs.");
  }

  @Test
  void refusesSchedulesOutOfRange() {
    assertThatThrownBy(() -> new Schedules.Step(0, 0.1))
        .hasMessage("Cannot use step-epochs: expected a number above 0, got 0.0.");
    assertThatThrownBy(() -> new Schedules.Cosine(10, -0.1))
        .hasMessage("Cannot use final-factor: expected a number from 0 to 1, got -0.1.");
    assertThatThrownBy(() -> new Schedules.WarmUp(0, epoch -> 1))
        .hasMessage("Cannot use warmup-epochs: expected a number above 0, got 0.0.");
  }

  private Schedule read(String config, int epochs) {
    Options options =
        Options.of(
            ConfigFactory.parseString(config), Defaults.of("train.schedule"), "schedule", problems);
    Schedule schedule = Schedules.read(options, epochs);
    options.rejectUnknown();
    return schedule;
  }
}
