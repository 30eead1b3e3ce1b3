package dev.featuremap.job.training.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.format.StateFiles;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.job.storage.ContentWriter;
import dev.featuremap.job.storage.StoredObject;
import dev.featuremap.job.training.checkpoint.Checkpoint;
import dev.featuremap.job.training.checkpoint.CheckpointDraft;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.checkpoint.CheckpointWriter;
import dev.featuremap.job.training.checkpoint.HistoryParts;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.training.rounds.StagePlans;
import dev.featuremap.job.training.rounds.TrainingData;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Training progress as checkpoints: the model, the optimizer's slots and the memory of outer
 * momentum as safetensors, the rest in the manifest.
 */
final class CheckpointFiles {
  static final String MODEL = RunDirectory.MODEL;

  static final String OPTIMIZER = "optimizer.safetensors";

  /** The memory of outer momentum; there only where a run has one. */
  static final String OUTER = "outer.safetensors";

  private final CheckpointStore store;
  private final CheckpointWriter writer;
  private final StagePlans stages;
  private final RunFiles files;
  private final JobConfig config;
  private final Attempt attempt;
  private final TrainingData data;
  private Optional<Checkpoint> newest;

  CheckpointFiles(
      CheckpointStore store,
      CheckpointWriter writer,
      StagePlans stages,
      RunFiles files,
      Attempt attempt,
      TrainingData data) {
    this.store = store;
    this.writer = writer;
    this.stages = stages;
    this.files = files;
    this.config = files.config();
    this.attempt = attempt;
    this.data = data;
    this.newest = writer.recovery().map(recovery -> recovery.checkpoint());
  }

  /** Publishes the state after a round that is not the run's last. */
  void publish(TrainingProgress progress, String kernels) {
    publish(progress, kernels, false, Optional.empty());
  }

  void publish(
      TrainingProgress progress, String kernels, boolean complete, Optional<TestMetrics> metrics) {
    TrainingPlan plan = stages.thatMade(progress);
    StateFiles stateFiles = plan.stateFiles();
    Map<String, ContentWriter> objects = new LinkedHashMap<>();
    objects.put(
        MODEL,
        out ->
            stateFiles.writeModel(
                out, plan.networkText(), data.labels(), config.data().resize(), progress.state()));
    objects.put(OPTIMIZER, out -> stateFiles.writeSlots(out, progress.state()));
    if (progress.memory().length > 0) {
      objects.put(OUTER, out -> stateFiles.writeMemory(out, progress.memory()));
    }
    List<EpochMetrics> history = progress.history();
    List<StoredObject> parts = parts(history);
    RunState state =
        new RunState(
            Kernels.NUMERICS_VERSION,
            config.fingerprint(),
            data.trainDigests(),
            data.validationDigests(),
            data.testDigests(),
            data.labels(),
            data.bad().count(),
            progress.epoch(),
            progress.nextRound(),
            progress.rounds(),
            progress.tally(),
            history.subList(HistoryParts.epochs(parts), history.size()),
            attempt.preparation(),
            kernels,
            attempt.started(),
            attempt.number(),
            complete,
            metrics);
    newest =
        Optional.of(
            writer.publish(
                new CheckpointDraft(
                    progress.epoch(),
                    Math.toIntExact(progress.rounds()),
                    progress.isBest(),
                    parts,
                    withStage(state.toJson(), plan),
                    objects)));
  }

  /** The parts of the history before its last epochs; writes those that are missing. */
  private List<StoredObject> parts(List<EpochMetrics> history) {
    List<StoredObject> parts = newest.map(Checkpoint::history).orElse(List.of());
    if (HistoryParts.grows(parts, history.size())) {
      writer.requireHeld();
      return store.history().grown(parts, history);
    }
    return parts;
  }

  /** Where there are several stages, says for people which one it was. */
  private ObjectNode withStage(ObjectNode json, TrainingPlan plan) {
    return stages.all().size() == 1 ? json : json.put("stage", stages.number(plan));
  }

  /** True when the newest checkpoint stands where {@code progress} does. */
  boolean hold(TrainingProgress progress) {
    return newest
        .filter(saved -> saved.epoch() == progress.epoch() && saved.round() == progress.rounds())
        .isPresent();
  }

  /** The checkpoint published last, or the one that the run resumed from. */
  StoredCheckpoint newest() {
    return new StoredCheckpoint(store, stages, files, newest.orElseThrow());
  }

  /**
   * Does nothing while this driver holds the run.
   *
   * @throws JobException with {@code RUN_HELD} when another driver has taken it over
   */
  void requireHeld() {
    writer.requireHeld();
  }
}
