package dev.featuremap.job.training.run;

import dev.featuremap.format.FormatException;
import dev.featuremap.format.StateFiles;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.training.checkpoint.Checkpoint;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.job.training.rounds.StagePlans;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.job.training.rounds.TrainingProgress;
import dev.featuremap.train.OuterState;
import java.io.IOException;
import java.io.InputStream;

/** A published checkpoint as training progress; its parts are named by {@link CheckpointFiles}. */
record StoredCheckpoint(
    CheckpointStore store, StagePlans stages, RunFiles files, Checkpoint checkpoint) {

  /**
   * What the manifest says.
   *
   * @throws JobException with {@code BAD_DATA} if this run cannot go on from it
   */
  RunState state() {
    RunState state =
        RunState.fromJson(checkpoint.state(), store.history().read(checkpoint.history()));
    state.requireContinuedBy(config(), files::wereSettings);
    return state;
  }

  /** True when no epoch was left to train, whatever the configuration says now. */
  boolean wasComplete() {
    return RunState.fromJson(checkpoint.state()).complete();
  }

  /** True when no epoch is left to train. */
  boolean isComplete() {
    RunState state = state();
    return state.complete() && state.isOf(config());
  }

  private JobConfig config() {
    return files.config();
  }

  /** The progress so far, its state read from the store. */
  TrainingProgress progress() {
    RunState state = state();
    TrainingPlan plan = stages.thatMade(state.epoch(), state.nextRound());
    StateFiles files = plan.stateFiles();
    float[] values = new float[plan.layout().size()];
    float[] memory = config().sync().outer().emptyMemory(plan.network().parameters());
    read(CheckpointFiles.MODEL, values, files::readModel);
    read(CheckpointFiles.OPTIMIZER, values, files::readSlots);
    if (memory.length > 0) {
      read(CheckpointFiles.OUTER, memory, files::readMemory);
    }
    return new TrainingProgress(
        state.epoch(),
        state.nextRound(),
        state.rounds(),
        new OuterState(values, memory),
        state.tally(),
        state.history());
  }

  /** The checkpoint's directory. */
  String location() {
    return PathText.child(config().runDirectory().checkpoints(), checkpoint.directory()).toString();
  }

  /** The content of {@code _SUCCESS}: which model is the result, and its digest. */
  String marker() {
    return "{\"checkpoint\":\"%s\",\"object\":\"%s\",\"sha256\":\"%s\"}%n"
        .formatted(
            checkpoint.directory(),
            CheckpointFiles.MODEL,
            checkpoint.object(CheckpointFiles.MODEL).sha256());
  }

  private interface Reader {
    void read(InputStream in, long length, String source, float[] into) throws IOException;
  }

  private void read(String name, float[] into, Reader reader) {
    long length = checkpoint.object(name).length();
    String source = checkpoint.directory() + "/" + name;
    store.read(
        checkpoint,
        name,
        input -> {
          try {
            reader.read(input, length, source, into);
          } catch (FormatException e) {
            throw new JobException(ExitCode.BAD_DATA, e.getMessage(), e);
          }
          return into;
        });
  }
}
