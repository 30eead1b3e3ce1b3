package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.optimizer.Adam;
import dev.featuremap.optimizer.Lion;
import dev.featuremap.optimizer.Muon;
import dev.featuremap.optimizer.Optimizer;
import dev.featuremap.train.TrainingSpec;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class OptimizerDefaultsTest {
  @Test
  void standBetweenTheDefaultOfAllAndWhatIsGiven() {
    Config adamw = ConfigFactory.parseString("train.optimizer.type = adamw");
    Config given = adamw.withFallback(ConfigFactory.parseString("train.optimizer.beta2 = 0.5"));

    assertThat(beta2(adamw, Map.of())).isEqualTo(0.999);
    assertThat(beta2(adamw, Map.of("beta2", 0.99))).isEqualTo(0.99);
    assertThat(beta2(given, Map.of("beta2", 0.99))).isEqualTo(0.5);
  }

  private static double beta2(Config given, Map<String, Double> own) {
    return new OptimizerDefaults(name -> own)
        .under(given, BundledConf.defaults())
        .getDouble("train.optimizer.beta2");
  }

  @Test
  void areThoseOfAStagesOwnOptimizer() {
    assertThat(optimizers("train.stages=[{}, {optimizer.type=lion}, {optimizer.type=muon}]"))
        .containsExactly(
            new Adam(0.9, 0.999, 1e-8, 0),
            new Lion(0.9, 0.99, 0),
            new Muon(0.95, 0.9, 0.999, 1e-8, 0));
    assertThat(
            optimizers(
                "train.optimizer.type=lion",
                "train.stages=[{optimizer.type=adam}, {}, {optimizer.beta2=0.5}]"))
        .containsExactly(
            new Adam(0.9, 0.999, 1e-8, 0), new Lion(0.9, 0.99, 0), new Lion(0.9, 0.5, 0));
  }

  @Test
  void standBelowWhatIsGivenForTheRunOrTheStage() {
    assertThat(
            optimizers(
                "train.optimizer.beta2=0.8",
                "train.stages=[{optimizer.type=lion}, {optimizer { type=lion, beta2=0.7 }}]"))
        .containsExactly(new Lion(0.9, 0.8, 0), new Lion(0.9, 0.7, 0));
  }

  @Test
  void areTheSameInTheStoredConfiguration() {
    JobConfig config = load("train.stages=[{}, {optimizer.type=lion}]");
    JobConfig stored =
        JobConfigLoader.of(new Configuration()).stored(config.resolved(), "config.conf");

    assertThat(stored.stages()).isEqualTo(config.stages());
    assertThat(stored.fingerprint()).isEqualTo(config.fingerprint());
  }

  private static List<Optimizer> optimizers(String... assignments) {
    return load(assignments).stages().stream().map(TrainingSpec::optimizer).toList();
  }

  private static JobConfig load(String... assignments) {
    return JobConfigLoader.of(new Configuration())
        .load(ConfigRequest.defaults().withAssignments(assignments));
  }
}
