package dev.featuremap.job.training.run;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.training.checkpoint.Checkpoint;
import dev.featuremap.job.training.checkpoint.CheckpointStore;
import dev.featuremap.job.training.rounds.RunState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The files of a run directory that people and schedulers read, all but the checkpoints. */
final class RunFiles {
  private static final Logger LOGGER = System.getLogger(RunFiles.class.getName());

  /** Digits of a fingerprint that tell the settings of one run apart. */
  private static final int LENGTH_OF_NAME = 12;

  private final JobConfig config;
  private final RunDirectory directory;
  private final Storage storage;
  private final Configuration hadoop;

  RunFiles(JobConfig config, Configuration hadoop) {
    this.config = config;
    this.directory = config.runDirectory();
    this.hadoop = hadoop;
    this.storage = Storage.of(directory.root(), hadoop);
  }

  JobConfig config() {
    return config;
  }

  Storage storage() {
    return storage;
  }

  RunDirectory directory() {
    return directory;
  }

  /**
   * The result of a run that is complete in all its files. A result that cannot be read counts as
   * missing, and so does one beside the status of a driver that was shut out and wrote it late, or
   * of another checkpoint than the run's last: the run's last manifest gives both again.
   */
  Optional<RunResult> finished() {
    return read(directory.success())
        .filter(marker -> read(directory.status()).filter(RunFiles::saysFinished).isPresent())
        .filter(this::isOfLastManifest)
        .flatMap(marker -> read(directory.result()))
        .flatMap(this::parse);
  }

  /** Where nobody has kept the manifests, the other files are all there is to believe. */
  private boolean isOfLastManifest(String marker) {
    return lastPublished()
        .filter(
            last ->
                !RunState.fromJson(last.state()).complete() || !marker.contains(last.directory()))
        .isEmpty();
  }

  private Optional<Checkpoint> lastPublished() {
    return new CheckpointStore(storage, directory.root()).lastPublished();
  }

  /**
   * Makes sure that the run's last checkpoint comes from this configuration, as {@code config.conf}
   * does.
   *
   * @throws JobException with {@code BAD_DATA} if not
   */
  void requireOwnCheckpoint() {
    lastPublished().ifPresent(last -> RunState.fromJson(last.state()).requireSameSettings(config));
  }

  /** True when a driver has started the run before, so that there can be checkpoints. */
  boolean isStarted() {
    return read(directory.config()).isPresent();
  }

  private static boolean saysFinished(String status) {
    try {
      return RunStatus.fromJson(status).state() == RunStatus.State.FINISHED;
    } catch (JobException e) {
      return false;
    }
  }

  private Optional<RunResult> parse(String text) {
    try {
      return Optional.of(RunResult.fromJson(text));
    } catch (JobException e) {
      LOGGER.log(Level.WARNING, "{0} It is written again.", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Makes sure that the run directory is for this configuration: writes {@code config.conf} into a
   * new one, compares with the one that is there, which may differ in where the run ends ({@link
   * Continuation}). An empty file, as a driver leaves that is killed while it creates it, is
   * written again.
   *
   * @return the configuration that the run has so far
   * @throws JobException with {@code USAGE} and the keys that differ
   */
  JobConfig claim() {
    Path path = directory.config();
    Optional<String> stored = read(path);
    if (stored.isEmpty()) {
      requireNoCheckpoints(path, "no such file");
      storage.probe(directory.root());
      if (storage.createIfAbsent(path, bytes(config.resolved()))) {
        return config;
      }
      stored = read(path);
    }
    if (stored.orElseThrow().isBlank()) {
      requireNoCheckpoints(path, "an empty file");
      write(path, config.resolved());
      return config;
    }
    JobConfig earlier = parse(path, stored.orElseThrow());
    List<String> differences = config.differences(earlier);
    if (!differences.isEmpty()) {
      requireGoesOnFrom(earlier, differences);
    }
    return earlier;
  }

  private void requireGoesOnFrom(JobConfig earlier, List<String> differences) {
    CheckpointStore store = new CheckpointStore(storage, directory.root());
    Optional<RunState> state =
        store
            .lastPublished()
            .map(last -> RunState.fromJson(last.state(), store.history().read(last.history())));
    Optional<String> obstacle = new Continuation(earlier, config).obstacle(state);
    if (obstacle.isPresent()) {
      throw JobException.listing(
          ExitCode.USAGE,
          "Cannot continue run %s: its configuration must stay the same, got"
              .formatted(config.runId()),
          differences,
          "Give the run another --run-id, or the settings in %s.%s%s"
              .formatted(
                  directory.config(),
                  obstacle.get(),
                  state.isPresent() ? newRun(differences) : ""));
    }
  }

  /** How to train a new run from the model of this one, if that has the same network. */
  private String newRun(List<String> differences) {
    return differences.stream().anyMatch(difference -> difference.startsWith("network."))
        ? ""
        : " To start a new run from its model, give --run-id %s --set train.init-from=%s."
            .formatted(word(config.runId() + "-2"), word(directory.root().toString()));
  }

  /** A word of a shell's command. */
  private static String word(String text) {
    return text.matches("[\\w.,:/@%+=-]+") ? text : "'%s'".formatted(text.replace("'", "'\\''"));
  }

  /**
   * The run goes on with this configuration in place of the one that it has so far, which is kept.
   * It has no result until it ends again.
   *
   * @param epochs that are done
   */
  void goOnFrom(JobConfig earlier, int epochs) {
    if (new Continuation(earlier, config).isSame()) {
      return;
    }
    storage.delete(directory.success());
    storage.delete(directory.result());
    String name =
        "epoch-%s-%s.conf".formatted(epochs, earlier.fingerprint().substring(0, LENGTH_OF_NAME));
    write(PathText.child(directory.earlier(), name), earlier.resolved());
    write(directory.config(), config.resolved());
  }

  /** True for the fingerprint of settings that the run has, or had before it went on. */
  boolean wereSettings(String fingerprint) {
    return Stream.concat(
            Stream.of(directory.config()),
            storage.list(directory.earlier()).stream()
                .map(name -> PathText.child(directory.earlier(), name)))
        .anyMatch(
            path ->
                read(path)
                    .filter(text -> !text.isBlank())
                    .filter(text -> parse(path, text).fingerprint().equals(fingerprint))
                    .isPresent());
  }

  private JobConfig parse(Path path, String text) {
    return JobConfigLoader.of(hadoop).stored(text, path.toString());
  }

  private void requireNoCheckpoints(Path unusable, String got) {
    if (!storage.list(directory.manifests()).isEmpty()) {
      throw JobException.badData(
          "Cannot continue run %s: %s must tell its settings, got %s. Restore it, or give the run another --run-id."
              .formatted(config.runId(), unusable, got));
    }
  }

  void status(RunStatus status) {
    write(directory.status(), status.toJson());
  }

  void metrics(List<EpochMetrics> history) {
    write(directory.metrics(), EpochMetrics.toLines(history));
  }

  void report(String html) {
    write(directory.report(), html);
  }

  void result(RunResult result) {
    write(directory.result(), result.toJson());
  }

  /** Marks the run as complete; {@code text} names the manifest that holds the model. */
  void success(String text) {
    write(directory.success(), text);
  }

  private void write(Path path, String text) {
    storage.replace(path, bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Optional<String> read(Path path) {
    try {
      return storage.read(path, input -> new String(input.readAllBytes(), StandardCharsets.UTF_8));
    } catch (JobException e) {
      // A run's own directory is its output, even where it is read.
      throw e.exitCode() == ExitCode.MISSING_INPUT
          ? JobException.cannotWrite(e.getMessage(), e)
          : e;
    }
  }
}
