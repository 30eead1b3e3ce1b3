package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.RunId;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.train.TrainingSpec;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;

/**
 * Everything a run is told, checked and complete. It stays in the driver: executors get {@code
 * TrainingPlan} and what else they need, in no more than the bytes of it.
 *
 * @param network what is trained
 * @param stages how, one stage after the other
 * @param initial the parameters that it starts from; random ones without it
 * @param sync when workers are averaged
 * @param data where images are and how they are read
 * @param output directory that holds the run's directory
 * @param runId the run
 * @param limits how long a start of it may take
 * @param checkpoint when checkpoints are written
 * @param earlyStopping when to end before the last epoch
 * @param tracking who is told of the run
 * @param settings the same as keys and values, with the network in full
 */
public record JobConfig(
    NetworkSpec network,
    List<TrainingSpec> stages,
    Optional<InitialModel> initial,
    SyncSettings sync,
    DataSettings data,
    Path output,
    RunId runId,
    Limits limits,
    CheckpointSettings checkpoint,
    EarlyStopping earlyStopping,
    TrackingSettings tracking,
    Config settings) {

  // These say where a run reads and writes, what is kept of it and who is told. Images prove their
  // identity by digests.
  private static final List<String> WITHOUT_INFLUENCE =
      List.of("data", "output", "run-id", "limits", "checkpoint", "tracking", InitialModel.FROM);

  // Keys of a later version: at their defaults they leave the fingerprints of earlier runs as they
  // are.
  private static final List<String> LATER =
      List.of(
          "sync.switch-epoch",
          "sync.outer",
          "sync.wire",
          "train.augment",
          "train.clip-value",
          "train.ema-decay",
          InitialModel.SHA_256,
          InitialModel.NAMES,
          "train.label-smoothing",
          "train.optimizer.alpha",
          "train.optimizer.centered",
          "train.optimizer.momentum-decay",
          "train.class-weights",
          "train.class-weights-beta",
          "train.loss",
          "train.optimizer.trust-coefficient",
          "train.schedule.rise",
          "train.schedule.start-factor",
          "train.schedule.power",
          "train.schedule.metric",
          "train.schedule.patience",
          "train.schedule.threshold",
          "train.schedule.cooldown");

  /** The run's directory. */
  public RunDirectory runDirectory() {
    return RunDirectory.of(output, runId);
  }

  /** The first stage: what holds for all is there. */
  public TrainingSpec training() {
    return stages.get(0);
  }

  /** Epochs of all stages. */
  public int epochs() {
    return stages.get(stages.size() - 1).endEpoch();
  }

  /**
   * The network, planned for its training, where that has one stage; frozen layers have no values
   * there.
   */
  public NetworkPlan plan() {
    NetworkPlan whole = NetworkPlan.of(network);
    return stages.size() == 1 ? training().rules().over(whole) : whole;
  }

  /** All settings as HOCON, to be read again by {@link JobConfigLoader#stored}. */
  public String resolved() {
    return settings
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  /**
   * SHA-256 of the settings that determine the result: all but {@code data}, {@code output}, {@code
   * run-id}, {@code limits}, {@code checkpoint} and {@code tracking}. The network and the initial
   * model count by their content, whatever file they came from.
   */
  public String fingerprint() {
    SortedMap<String, String> counted = determining();
    for (String key : LATER) {
      counted
          .entrySet()
          .removeAll(SettingsFingerprint.of(BundledConf.defaults().withOnlyPath(key)).entrySet());
    }
    return SettingsFingerprint.sha256(counted);
  }

  /**
   * The settings that make this configuration's result another than {@code earlier}'s, as in {@code
   * train.epochs: was 5, is 10}; empty if and only if the fingerprints are equal.
   */
  public List<String> differences(JobConfig earlier) {
    return SettingsFingerprint.differences(earlier.determining(), determining());
  }

  /** The settings that determine the result, by key in alphabetical order. */
  public SortedMap<String, String> determining() {
    Config determining = settings;
    for (String key : WITHOUT_INFLUENCE) {
      determining = determining.withoutPath(key);
    }
    return SettingsFingerprint.of(determining);
  }

  /**
   * The setting as HOCON in one line, a list or a group of settings too; nothing if it is absent.
   */
  public Optional<String> text(String key) {
    return settings.hasPath(key)
        ? Optional.of(settings.getValue(key).render(ConfigRenderOptions.concise()))
        : Optional.empty();
  }

  /** All settings that have a value, by key in alphabetical order; texts stand without quotes. */
  public SortedMap<String, String> flat() {
    return SettingsFingerprint.texts(settings);
  }
}
