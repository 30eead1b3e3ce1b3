package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.training.rounds.EpochTally;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.training.rounds.SetupTimes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinuationTest {
  private static final String STAGES = "[{epochs=2}, {epochs=3, learning-rate=0.01}]";

  /** Of five epochs. */
  private final SmallRun run = SmallRun.of("/data", "/runs").with("train.epochs", 5);

  private final SmallRun staged = run.with("train.stages", STAGES);

  @Test
  void mayEndLater() {
    SmallRun warm = run.with("train.schedule.warmup-epochs", 1);
    SmallRun steps = run.with("train.schedule.type", "step");

    assertThat(obstacle(run, run, 5)).isEmpty();
    for (SmallRun one : List.of(run, warm, steps)) {
      assertThat(obstacle(one, one.with("train.epochs", 6), 5)).isEmpty();
      assertThat(obstacle(one, one.with("train.epochs", 4), 3)).isEmpty();
    }
  }

  @Test
  void mayHaveMoreStages() {
    SmallRun cosine = run.with("train.schedule.type", "cosine");

    assertThat(obstacle(cosine, cosine.with("train.stages", "[{}, {epochs=1}]"), 5)).isEmpty();
    assertThat(obstacle(run, run.with("train.stages", "[{epochs=5}, {clip-norm=3}]"), 5)).isEmpty();
    assertThat(
            obstacle(
                staged, staged.with("train.stages", STAGES.replace("}]", "}, {epochs=1}]")), 5))
        .isEmpty();
    assertThat(obstacle(staged, staged.with("train.stages", STAGES.replace("=3", "=4")), 5))
        .isEmpty();
  }

  @Test
  void mayNotHaveHadOtherRates() {
    SmallRun cosine = run.with("train.schedule.type", "cosine");

    assertThat(obstacle(cosine, cosine.with("train.epochs", 7), 5))
        .contains(
            " Its schedule of the learning rate depends on the number of epochs."
                + " To go on with another stage, leave the settings as they are and give"
                + " --set 'train.stages=[{}, {epochs=2}]'.");
    SmallRun stagedCosine = cosine.with("train.stages", STAGES);
    assertThat(
            obstacle(
                stagedCosine, stagedCosine.with("train.stages", STAGES.replace("=3", "=4")), 5))
        .contains(
            " Its schedule of the learning rate depends on the number of epochs."
                + " To go on with another stage, leave the settings as they are and append"
                + " {epochs=1} to train.stages.");
  }

  @ParameterizedTest
  @CsvSource({
    "train.learning-rate, 0.01, learning-rate=0.01",
    "train.optimizer.type, adamw, 'optimizer.type=\"adamw\"'",
    "train.augment.flip, true, augment.flip=true"
  })
  void offersAStageForOtherSettingsOfTrain(String key, String value, String inStage) {
    assertThat(obstacle(run, run.with(key, value).with("train.epochs", 7), 5).orElseThrow())
        .endsWith("give --set 'train.stages=[{}, {epochs=2, %s}]'.".formatted(inStage));
  }

  @Test
  void offersAStageForOtherLayersAndRates() {
    SmallRun probe =
        run.with("train.freeze", "[conv1]").with("train.no-decay", "[output.weight, conv1.weight]");

    assertThat(obstacle(run, probe, 5).orElseThrow())
        .endsWith(
            "give --set 'train.stages=[{}, {epochs=1, freeze=[\"conv1\"], no-decay=[\"output.weight\",\"conv1.weight\"]}]'.");
    assertThat(obstacle(probe, run, 5).orElseThrow())
        .endsWith("give --set 'train.stages=[{}, {epochs=1, freeze=[], no-decay=[]}]'.");
    SmallRun fast = run.with("train.rates", "{\"output.*\" = 10}");
    assertThat(obstacle(run, fast, 5).orElseThrow())
        .endsWith("give --set 'train.stages=[{}, {epochs=1, rates={\"output.*\":10}}]'.");
    assertThat(obstacle(fast, run, 5)).contains("");
  }

  @ParameterizedTest
  @CsvSource({
    "train.workers, 3",
    "train.batch-size, 16",
    "train.seed, 3",
    "sync.every, 2 steps",
    "network, lenet-5"
  })
  void offersNoStageForWhatNoneCanHave(String key, String value) {
    assertThat(obstacle(run, run.with(key, value), 5)).contains("");
  }

  @Test
  void leavesEarlierStagesAsTheyWere() {
    assertThat(obstacle(staged, staged.with("train.stages", STAGES.replace("=2", "=3")), 5))
        .contains(" Of its stages only the last may get another length.");
    assertThat(obstacle(staged, staged.with("train.stages", STAGES.replace("0.01", "0.02")), 5))
        .contains(
            " To go on with another stage, leave the settings as they are"
                + " and append {epochs=1, learning-rate=0.02} to train.stages.");
    assertThat(obstacle(staged, staged.with("train.stages", "[{epochs=2}]"), 5)).contains("");
    assertThat(obstacle(run.with("train.stages", "[{}, {}]"), run, 10)).contains("");
  }

  @Test
  void mustGoOn() {
    String done = " 5 epochs of it are done; to go on, ask for more than that.";
    SmallRun longer = run.with("train.epochs", 9);

    assertThat(obstacle(longer, run, 5)).contains(done);
    assertThat(obstacle(longer, run.with("train.epochs", 3), 5)).contains(done);
    // Where it stands is no part of the stage that trained it any more.
    assertThat(
            obstacle(
                staged,
                staged.with(
                    "train.stages", STAGES.replace("epochs=3", "epochs=1").replace("}]", "}, {}]")),
                5))
        .contains(done);
  }

  @Test
  void mustNotHaveEndedBefore() {
    SmallRun patient = run.with("early-stopping.patience", 2);

    assertThat(obstacle(run, patient.with("train.epochs", 9), 0.5, 0.6, 0.6, 0.6, 0.7))
        .contains(
            " With early-stopping.patience = 2 it ends after epoch 4; to go on, give a larger one, or 0 for none.");
    assertThat(obstacle(run, patient.with("train.epochs", 9), 0.5, 0.6, 0.6, 0.7, 0.7)).isEmpty();
    assertThat(obstacle(patient, run, 0.6, 0.6, 0.6)).isEmpty();
    assertThat(obstacle(patient, patient.with("early-stopping.patience", 3), 0.6, 0.6, 0.6))
        .isEmpty();
    // What was the last stage is trained to its end then.
    assertThat(obstacle(patient, patient.with("train.stages", "[{}, {}]"), 0.6, 0.6, 0.6))
        .isEmpty();
  }

  private static Optional<String> obstacle(SmallRun earlier, SmallRun now, int epochs) {
    return obstacle(
        earlier, now, IntStream.range(0, epochs).mapToDouble(epoch -> epoch / 100.0).toArray());
  }

  /** After epochs of these test accuracies. */
  private static Optional<String> obstacle(SmallRun earlier, SmallRun now, double... accuracies) {
    List<EpochMetrics> history =
        DoubleStream.of(accuracies)
            .mapToObj(
                accuracy ->
                    new EpochMetrics(1, 4, 0.1, 0.3, 0.5, 0.4, accuracy, 0.1, 100, EpochTimes.NONE))
            .toList();
    RunState state =
        new RunState(
            1,
            earlier.config().fingerprint(),
            List.of(),
            List.of(),
            List.of(),
            0,
            history.size(),
            0,
            4L * history.size(),
            EpochTally.EMPTY,
            history,
            SetupTimes.NONE,
            "scalar",
            Instant.EPOCH,
            1,
            true);
    return new Continuation(earlier.config(), now.config()).obstacle(Optional.of(state));
  }
}
