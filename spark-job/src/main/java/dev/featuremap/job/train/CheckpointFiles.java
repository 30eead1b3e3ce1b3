package dev.featuremap.job.train;

import dev.featuremap.format.FormatException;
import dev.featuremap.format.StateFiles;
import dev.featuremap.job.checkpoint.Checkpoint;
import dev.featuremap.job.checkpoint.CheckpointDraft;
import dev.featuremap.job.checkpoint.CheckpointStore;
import dev.featuremap.job.checkpoint.CheckpointWriter;
import dev.featuremap.job.checkpoint.ContentWriter;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.run.RunDirectory;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.optimizer.StateLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Training progress as checkpoints: the parameters and the optimizer's slots as safetensors, the
 * rest in the manifest.
 */
final class CheckpointFiles {
  static final String MODEL = RunDirectory.MODEL;

  static final String OPTIMIZER = "optimizer.safetensors";

  private final CheckpointStore store;
  private final CheckpointWriter writer;
  private final RunPlan plan;
  private final JobConfig config;
  private final RunIdentity identity;
  private final TrainingData data;
  private final StateLayout layout;
  private final StateFiles stateFiles;
  private Optional<Checkpoint> newest;

  CheckpointFiles(
      CheckpointStore store,
      CheckpointWriter writer,
      RunPlan plan,
      JobConfig config,
      RunIdentity identity,
      TrainingData data) {
    this.store = store;
    this.writer = writer;
    this.plan = plan;
    this.config = config;
    this.identity = identity;
    this.data = data;
    this.layout = plan.network().stateLayout(plan.training().optimizer().slots());
    this.stateFiles = new StateFiles(plan.network(), layout);
    this.newest = writer.recovery().map(recovery -> recovery.checkpoint());
  }

  /** The progress to go on from, if the run has a checkpoint. */
  Optional<TrainingProgress> resume() {
    return newest.map(this::read);
  }

  void publish(TrainingProgress progress, String kernels, boolean complete) {
    Map<String, ContentWriter> objects = new LinkedHashMap<>();
    objects.put(
        MODEL, out -> stateFiles.writeParameters(out, plan.networkText(), progress.state()));
    objects.put(OPTIMIZER, out -> stateFiles.writeSlots(out, progress.state()));
    RunState state =
        new RunState(
            Kernels.NUMERICS_VERSION,
            identity.fingerprint(),
            data.trainDigests(),
            data.testDigests(),
            progress.epoch(),
            progress.nextRound(),
            progress.rounds(),
            progress.tally(),
            progress.history(),
            kernels,
            identity.started(),
            identity.attempt(),
            complete);
    newest =
        Optional.of(
            writer.publish(
                new CheckpointDraft(
                    progress.epoch(),
                    Math.toIntExact(progress.rounds()),
                    progress.isBest(),
                    state.toJson(),
                    objects)));
  }

  /** The directory of the newest checkpoint. */
  String location() {
    Path checkpoints = config.runDirectory().checkpoints();
    return new Path(checkpoints, newest.orElseThrow().directory()).toString();
  }

  /** The content of {@code _SUCCESS}: which model is the result, and its digest. */
  String marker() {
    Checkpoint checkpoint = newest.orElseThrow();
    return "{\"checkpoint\":\"%s\",\"object\":\"%s\",\"sha256\":\"%s\"}%n"
        .formatted(checkpoint.directory(), MODEL, checkpoint.object(MODEL).sha256());
  }

  private TrainingProgress read(Checkpoint checkpoint) {
    RunState state = RunState.fromJson(checkpoint.state());
    if (state.numericsVersion() != Kernels.NUMERICS_VERSION) {
      throw new JobException(
          ExitCode.BAD_DATA,
          "Cannot resume run %s: its arithmetic must be version %d, got %d. Finish it with the version that started it, or start a new run."
              .formatted(config.runId(), Kernels.NUMERICS_VERSION, state.numericsVersion()));
    }
    float[] values = new float[layout.size()];
    readInto(checkpoint, MODEL, values);
    readInto(checkpoint, OPTIMIZER, values);
    return new TrainingProgress(
        state.epoch(), state.nextRound(), state.rounds(), values, state.tally(), state.history());
  }

  private void readInto(Checkpoint checkpoint, String name, float[] values) {
    long length = checkpoint.object(name).length();
    String source = checkpoint.directory() + "/" + name;
    store.read(
        checkpoint,
        name,
        input -> {
          try {
            if (name.equals(MODEL)) {
              stateFiles.readParameters(input, length, source, values);
            } else {
              stateFiles.readSlots(input, length, source, values);
            }
          } catch (FormatException e) {
            throw new JobException(ExitCode.BAD_DATA, e.getMessage(), e);
          }
          return values;
        });
  }
}
