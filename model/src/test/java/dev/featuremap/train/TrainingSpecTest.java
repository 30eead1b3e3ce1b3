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
import org.junit.jupiter.api.Test;

class TrainingSpecTest {

  @Test
  void hasADefaultForEverything() {
    TrainingSpec training =
        TrainingSpec.read(
            Options.of(ConfigFactory.empty(), Defaults.of("train"), "train", new ArrayList<>()));

    assertThat(training.epochs()).isEqualTo(15);
    assertThat(training.batchSize()).isEqualTo(16);
    assertThat(training.workers()).isEqualTo(2);
    assertThat(training.seed()).isEqualTo(1);
    assertThat(training.learningRate()).isEqualTo(0.002);
    assertThat(training.clipNorm()).isZero();
    assertThat(training.optimizer()).isEqualTo(new Adam(0.9, 0.999, 1e-8, 0));
    assertThat(training.schedule().factor(15)).isZero();
  }

  @Test
  void readsEverything() {
    TrainingSpec training =
        Specs.training(
            """
            epochs = 20, batch-size = 17, workers = 3, seed = -9223372036854775808
            learning-rate = 0.5, clip-norm = 2
            optimizer { type = adamw, weight-decay = 0.01 }
            schedule { type = cosine }
            """);

    assertThat(training.epochs()).isEqualTo(20);
    assertThat(training.batchSize()).isEqualTo(17);
    assertThat(training.workers()).isEqualTo(3);
    assertThat(training.seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(training.learningRate()).isEqualTo(0.5);
    assertThat(training.clipNorm()).isEqualTo(2);
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
                learning-rate = 0, clip-norm = -1, ema-decay = 1, learning-rat = 1
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
            "Cannot use train.optimizer.type: expected one of "
                + String.join(", ", Optimizers.names())
                + ", got \"adan\".",
            "Cannot use train.ema-decay: expected a number from 0 to below 1, got 1.",
            "Cannot use train.schedule.warmup-epochs: expected a number from 0 to the run's 15"
                + " epochs, got 16.",
            "Cannot use train.learning-rat: unknown key. Did you mean train.learning-rate?");
  }

  private static List<String> problems(String config) {
    List<String> problems = new ArrayList<>();
    Options options =
        Options.of(ConfigFactory.parseString(config), Defaults.of("train"), "train", problems);
    TrainingSpec.read(options);
    options.rejectUnknown();
    return problems;
  }
}
