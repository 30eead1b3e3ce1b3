package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.optimizer.Adam;
import dev.featuremap.optimizer.AdamW;
import dev.featuremap.optimizer.Ema;
import dev.featuremap.optimizer.Optimizers;
import dev.featuremap.optimizer.Sgd;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import dev.featuremap.testing.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingSpecTest {

  @Test
  void hasADefaultForEverything() {
    TrainingSpec training =
        TrainingSpec.stages(
                Options.of(ConfigFactory.empty(), Defaults.of("train"), "train", new ArrayList<>()))
            .get(0);

    assertThat(training.epochs()).isEqualTo(15);
    assertThat(training.batchSize()).isEqualTo(16);
    assertThat(training.workers()).isEqualTo(2);
    assertThat(training.seed()).isEqualTo(1);
    assertThat(training.learningRate()).isEqualTo(0.002);
    assertThat(training.clipNorm()).isZero();
    assertThat(training.clipValue()).isZero();
    assertThat(training.optimizer()).isEqualTo(new Adam(0.9, 0.999, 1e-8, 0));
    assertThat(training.schedule().factor(15)).isZero();
  }

  @Test
  void readsEverything() {
    TrainingSpec training =
        Specs.training(
            """
            epochs = 20, batch-size = 17, workers = 3, seed = -9223372036854775808
            learning-rate = 0.5, clip-norm = 2, clip-value = 0.1
            optimizer { type = adamw, weight-decay = 0.01 }
            schedule { type = cosine }
            """);

    assertThat(training.epochs()).isEqualTo(20);
    assertThat(training.batchSize()).isEqualTo(17);
    assertThat(training.workers()).isEqualTo(3);
    assertThat(training.seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(training.learningRate()).isEqualTo(0.5);
    assertThat(training.clipNorm()).isEqualTo(2);
    assertThat(training.clipValue()).isEqualTo(0.1);
    assertThat(training.optimizer()).isEqualTo(new AdamW(0.9, 0.999, 1e-8, 0.01));
    assertThat(training.schedule().factor(20)).isZero();
  }

  @Test
  void keepsAMovingAverageWhereToldTo() {
    assertThat(Specs.training("ema-decay = 0.999").optimizer())
        .isEqualTo(new Ema(new Sgd(0, false, 0), 0.999));
    assertThat(Specs.training("ema-decay = 0").optimizer()).isEqualTo(new Sgd(0, false, 0));
  }

  @Test
  void reportsEveryProblemAtOnce() {
    assertThat(
            problems(
                """
                epochs = 0, batch-size = 2097152, workers = 70000, seed = 1.5
                learning-rate = 0, clip-norm = -1, clip-value = -2, ema-decay = 1, learning-rat = 1
                optimizer { type = adan }
                schedule { warmup-epochs = 16 }
                """))
        .containsExactly(
            "Cannot use train.epochs: expected an integer from 1 to 1000000, got 0.",
            "Cannot use train.batch-size: expected an integer from 1 to 1048576, got 2097152.",
            "Cannot use train.workers: expected an integer from 1 to 65536, got 70000.",
            "Cannot use train.seed: expected a 64-bit integer, got 1.5.",
            "Cannot use train.learning-rate: expected a number above 0, got 0.",
            "Cannot use train.clip-norm: expected a number of at least 0, got -1.",
            "Cannot use train.clip-value: expected a number of at least 0, got -2.",
            "Cannot use train.optimizer.type: expected one of "
                + String.join(", ", Optimizers.names())
                + ", got \"adan\".",
            "Cannot use train.ema-decay: expected a number from 0 to below 1, got 1.",
            "Cannot use train.schedule.warmup-epochs: expected a number from 0 to the run's 15"
                + " epochs, got 16.",
            "Cannot use train.learning-rat: unknown key. Did you mean train.learning-rate?");
  }

  @Test
  void stagesStandAboveTheSection() {
    List<TrainingSpec> stages =
        stages(
            """
            epochs = 4, learning-rate = 0.5, rates { fc = 2 }, schedule { type = step, factor = 0.5 }
            stages = [
              { epochs = 3, freeze = [conv1], learning-rate = 0.1 }
              { rates { fc = 1, conv1 = 3 }, optimizer { type = sgd, momentum = 0.9 } } ]
            """);

    assertThat(stages).extracting(TrainingSpec::firstEpoch).containsExactly(0, 3);
    assertThat(stages).extracting(TrainingSpec::endEpoch).containsExactly(3, 7);
    assertThat(stages).extracting(TrainingSpec::learningRate).containsExactly(0.1, 0.5);
    assertThat(stages.get(0).rules().freeze()).containsExactly("conv1");
    assertThat(stages.get(1).rules().freeze()).isEmpty();
    assertThat(stages.get(0).rules().rates()).isEqualTo(Map.of("fc", 2.0));
    assertThat(stages.get(1).rules().rates()).isEqualTo(Map.of("fc", 1.0, "conv1", 3.0));
    assertThat(stages.get(1).optimizer()).isEqualTo(new Sgd(0.9, false, 0));
    assertThat(stages.get(1).schedule()).isEqualTo(stages.get(0).schedule());
  }

  @Test
  void aStageHasItsOwnScheduleAndSteps() {
    TrainingSpec second =
        stages(
                "learning-rate = 0.5, schedule { type = cosine }, stages = [{epochs = 3}, {epochs = 2}]")
            .get(1);
    Round first = Round.ofEpoch(3, 10, SyncRule.EPOCH).get(0);
    Round restarting = Round.ofEpoch(3, 10, new SyncRule(4), true).get(1);

    assertThat(second.rate(first, 0)).isEqualTo(0.5);
    assertThat(second.rate(Round.ofEpoch(4, 10, SyncRule.EPOCH).get(0), 0)).isEqualTo(0.25);
    assertThat(second.updateNumber(first, 0)).isEqualTo(1);
    assertThat(second.updateNumber(first, 9)).isEqualTo(10);
    assertThat(second.updateNumber(restarting, 5)).isEqualTo(2);
  }

  @Test
  void aRunWithoutStagesIsOne() {
    assertThat(stages("epochs = 4"))
        .singleElement()
        .extracting(TrainingSpec::firstEpoch, TrainingSpec::endEpoch)
        .containsExactly(0, 4);
  }

  @Test
  void reportsWhatNoStageMayHave() {
    assertThat(
            problems(
                "stages = [{ epochs = 0, workers = 3, stages = [] }, { learning-rat = 1, optimizer.momentun = 1 }]"))
        .containsExactlyInAnyOrder(
            "Cannot use train.stages[0].workers: it holds for the whole run. Set train.workers.",
            "Cannot use train.stages[0].stages: it holds for the whole run. Set train.stages.",
            "Cannot use train.stages[0].epochs: expected an integer from 1 to 1000000, got 0.",
            "Cannot use train.stages[1].learning-rat: unknown key. Did you mean train.stages[1].learning-rate?",
            "Cannot use train.stages[1].optimizer.momentun: unknown key. Did you mean train.stages[1].optimizer.momentum?");
    assertThat(problems("stages = [{ epochs = 600000 }, { epochs = 600000 }]"))
        .containsExactly(
            "Cannot use train.stages: all together may have 1000000 epochs, got 1200000.");
    assertThat(problems("stages = [3]"))
        .containsExactly("Cannot use train.stages: expected a list of sections { … }, got [3].");
    assertThat(problems("stages = { epochs = 3 }")).hasSize(1);
  }

  private static List<TrainingSpec> stages(String config) {
    List<String> problems = new ArrayList<>();
    Options options =
        Options.of(
            ConfigFactory.parseString(config)
                .withFallback(ConfigFactory.parseString("batch-size = 32, optimizer.type = sgd"))
                .withFallback(ConfigFactory.parseString("schedule.type = constant")),
            Defaults.of("train"),
            "train",
            problems);
    List<TrainingSpec> stages = TrainingSpec.stages(options);
    options.rejectUnknown();
    assertThat(problems).isEmpty();
    return stages;
  }

  private static List<String> problems(String config) {
    List<String> problems = new ArrayList<>();
    Options options =
        Options.of(ConfigFactory.parseString(config), Defaults.of("train"), "train", problems);
    TrainingSpec.stages(options);
    options.rejectUnknown();
    return problems;
  }
}
