package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulesTest {
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

  @Test
  void reportsEveryProblemAtOnce() {
    read(
        "type = linear, step-epochs = 0, factor = -1, final-factor = 2, warmup-epochs = 11, x = 1",
        10);

    assertThat(problems)
        .containsExactly(
            "Cannot use schedule.type: expected one of constant, step, cosine, got \"linear\".",
            "Cannot use schedule.step-epochs: expected a number above 0, got 0.",
            "Cannot use schedule.factor: expected a number above 0, got -1.",
            "Cannot use schedule.final-factor: expected a number from 0 to 1, got 2.",
            "Cannot use schedule.warmup-epochs: expected a number from 0 to the run's 10 epochs,"
                + " got 11.",
            "Cannot use schedule.x: unknown key. Known keys: type, step-epochs, factor,"
                + " final-factor, warmup-epochs.");
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
