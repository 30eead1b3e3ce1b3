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
import org.junit.jupiter.params.provider.CsvSource;
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
        "train.stages=[{}]",
        "train.stages=[{}, {epochs=1}]",
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
                    "sync\\.(switch|outer|wire).*|train\\.(augment|ema|init|label|class|loss|clip-value|optimizer\\.(trust|alpha|centered|momentum-)|schedule\\.(rise|start-|power|metric|patience|threshold|cooldown)).*"));

    assertThat(before).hasSize(defaults.determining().size() - 49);
    assertThat(defaults.fingerprint()).isEqualTo(SettingsFingerprint.sha256(before));
  }

  /** Runs that have begun must be recognised by every later version. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network=seed | 26e9eda03b64953b486eac3a34ef85308b7c3032603b911545f992e619c2aae8",
        "network=resnet-20 | ee4a52e275cfcecfcc4d61b95ffec62dedf6d15eab8f0f30222788cef26d1beb",
        "train.optimizer.type=sgd, train.optimizer.momentum=0.9, sync.every=8 steps | ebdaf004fc69777ba16d74eb60f51215d8e8b9ada37d53fa502abbabdfc17607",
        "sync.outer.type=slowmo, sync.wire=bf16, train.augment.flip=true, train.seed=-3 | 45859c91c9a341d1ae00909574a6575fd1eca29f9b6dc8267de3750ef63f8313",
      })
  void hasAFingerprintThatNeverChanges(String assignments, String fingerprint) {
    assertThat(load(assignments.split(", ")).fingerprint()).isEqualTo(fingerprint);
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
