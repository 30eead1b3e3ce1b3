package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobConfigTest {
  private final JobConfigLoader loader =
      new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"));
  private final JobConfig defaults = load();

  @TempDir private Path directory;

  @Test
  void comesBackFromItsResolvedText() {
    JobConfig config = load("network=lenet-5", "train.epochs=3", "run-id=a:b", "sync.every=1 step");

    JobConfig again = loader.stored(config.resolved(), "config.conf");

    assertThat(again.runId()).isEqualTo(RunId.of("a:b"));
    assertThat(again.resolved()).isEqualTo(config.resolved());
    assertThat(again.fingerprint()).isEqualTo(config.fingerprint());
    assertThat(again.training()).isEqualTo(config.training());
  }

  @Test
  void resolvesTheNetworkIntoItsText() {
    assertThat(defaults.resolved()).contains("feature-maps=3").contains("run-id=fresh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.path=elsewhere",
        "output.path=elsewhere",
        "run-id=other",
        "checkpoint.every-rounds=5",
        "checkpoint.keep-last=9",
        "checkpoint.keep-every=2",
        "limits.max-minutes=5",
        "limits.grace-seconds=5",
        "tracking.tensorboard=true",
        "tracking.mlflow.uri=http://mlflow:5000",
        "tracking.mlflow.experiment=other",
        "train.learning-rate=0.0020",
        "train.learning-rate=2e-3",
        "train.epochs=\"15\"",
        "train.optimizer.nesterov=false",
        "network=seed"
      })
  void keepsItsFingerprintWhenTheResultIsTheSame(String assignment) {
    assertThat(load(assignment).fingerprint()).isEqualTo(defaults.fingerprint());
    assertThat(load(assignment).differences(defaults)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.epochs=11",
        "train.seed=2",
        "train.workers=3",
        "train.optimizer.momentum=0.8",
        "sync.every=1 step",
        "sync.optimizer-state=reset",
        "sync.switch-epoch=1",
        "sync.outer.type=slowmo",
        "sync.wire=bf16",
        "train.ema-decay=0.9",
        "early-stopping.patience=1",
        "network=shallow"
      })
  void changesItsFingerprintWithTheResult(String assignment) {
    assertThat(load(assignment).fingerprint()).isNotEqualTo(defaults.fingerprint());
    assertThat(load(assignment).differences(defaults)).isNotEmpty();
  }

  @Test
  void keepsTheFingerprintsOfRunsFromBeforeAKeyExisted() {
    SortedMap<String, String> before = defaults.determining();
    before
        .keySet()
        .removeIf(
            key ->
                key.matches(
                    "sync\\.(switch|outer|wire).*|train\\.(augment|ema|init|label|optimizer\\.trust).*"));

    assertThat(before).hasSize(defaults.determining().size() - 19);
    assertThat(defaults.fingerprint()).isEqualTo(Canonical.sha256(before));
  }

  @Test
  void countsANetworkByItsContentNotItsPlace() throws IOException {
    Path copy = directory.resolve("copy.conf");
    Files.copy(Path.of("../conf/networks/seed.conf"), copy);

    assertThat(load("network=" + copy).fingerprint()).isEqualTo(defaults.fingerprint());
  }

  @Test
  void listsTheSettingsThatChanged() {
    JobConfig now =
        load(
            "train.epochs=20",
            "sync.every=1 step",
            "checkpoint.keep-last=1",
            "network={ input.shape = [1, 28, 28], layers = [{ type = fully-connected, outputs = 10 }] }");

    assertThat(now.differences(defaults))
        .contains(
            "train.epochs: was 15, is 20",
            "sync.every: was \"epoch\", is \"1 step\"",
            "network.layers[0].type: was \"convolution\", is \"fully-connected\"",
            "network.layers[0].field: was 5, is absent")
        .noneMatch(line -> line.startsWith("checkpoint"));
  }

  private JobConfig load(String... assignments) {
    return loader.load(ConfigRequest.defaults().withAssignments(assignments));
  }
}
