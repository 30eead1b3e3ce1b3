package dev.featuremap.job.watch.mlflow;

import dev.featuremap.data.Sha256;
import dev.featuremap.job.config.TrackingSettings.Mlflow;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.ImagesLoaded;
import dev.featuremap.job.watch.RunListener;
import dev.featuremap.job.watch.RunStart;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shows a run at a tracking server of MLflow: its settings as parameters, the values of each epoch
 * as metrics, whose step is the epoch. A resumed run goes on as the one it was there.
 */
public final class MlflowTracker implements RunListener {
  static final String THREAD = "featuremap-mlflow";

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Sender.Limits LIMITS =
      new Sender.Limits(
          Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(1), CONNECT_LIMIT);

  private static final String PREFIX = "featuremap.";

  private final Mlflow settings;
  private final Sender<RunSnapshot> sender;
  private Optional<RunSnapshot> run = Optional.empty();

  /**
   * A tracker with a thread of its own.
   *
   * @param environment may hold credentials, under the names that MLflow's own client reads
   * @param warn is told once if the server cannot be told of something
   */
  public MlflowTracker(Mlflow settings, Map<String, String> environment, Consumer<String> warn) {
    this(
        settings,
        new MlflowServer(settings.uri(), Credentials.of(environment), CONNECT_LIMIT, ANSWER_LIMIT),
        LIMITS,
        warn);
  }

  MlflowTracker(Mlflow settings, MlflowServer server, Sender.Limits limits, Consumer<String> warn) {
    this.settings = settings;
    this.sender =
        new Sender<>(
            THREAD,
            new MlflowRun(server, settings.experiment()),
            limits,
            problem -> warn.accept(warning(problem)));
  }

  private String warning(String problem) {
    return "Cannot tell MLflow at %s of the run: %s. Training goes on; what is missing there is sent once it answers."
        .formatted(settings.uri(), problem.replaceAll("\\.+$", ""));
  }

  @Override
  public String name() {
    return "MLflow at " + settings.uri();
  }

  @Override
  public void started(RunStart start) {
    RunStatus status = start.status();
    NetworkPlan network = start.config().plan();
    String directory = start.directory().toString();
    send(
        new RunSnapshot(
            status.runId().text(),
            key(directory),
            start.isNew(),
            status.started(),
            "```\n" + NetworkTable.of(network) + "```\n",
            start.config().flat(),
            tags(start, directory),
            epochs(start),
            Optional.empty()));
  }

  private static List<RunSnapshot.Epoch> epochs(RunStart start) {
    List<RunSnapshot.Epoch> epochs = new ArrayList<>();
    Instant end = start.status().started();
    for (EpochMetrics metrics : start.history()) {
      // Nobody has noted when it was: as if the run had not been interrupted.
      end = end.plusMillis(Math.round(1e3 * metrics.seconds()));
      epochs.add(new RunSnapshot.Epoch(metrics, end));
    }
    return epochs;
  }

  private static Map<String, String> tags(RunStart start, String directory) {
    RunStatus status = start.status();
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(PREFIX + "run-id", status.runId().text());
    tags.put(PREFIX + "directory", directory);
    tags.put(PREFIX + "application-id", status.applicationId());
    tags.put(PREFIX + "attempt", Integer.toString(status.attempt()));
    tags.put(PREFIX + "fingerprint", start.config().fingerprint());
    // A parameter keeps its first value there, but a run may get more epochs.
    tags.put(PREFIX + "epochs", Integer.toString(start.config().epochs()));
    if (!start.isNew()) {
      // Of an attempt before this one.
      tags.put(PREFIX + "failure", "");
    }
    return tags;
  }

  /** The directory is the run's identity, but may have characters that a filter cannot quote. */
  private static String key(String directory) {
    return HexFormat.of()
        .formatHex(Sha256.start().digest(directory.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void loaded(ImagesLoaded images) {
    RunSnapshot loaded =
        run.orElseThrow()
            .withTag(PREFIX + "train-images", Long.toString(images.train()))
            .withTag(PREFIX + "test-images", Long.toString(images.test()))
            .withTag(PREFIX + "bad-records", Long.toString(images.bad()));
    send(loaded);
  }

  @Override
  public void epochDone(EpochDone epoch) {
    send(
        run.orElseThrow()
            .withTag(PREFIX + "kernels", epoch.kernels())
            .withEpoch(epoch.metrics(), Instant.now()));
  }

  @Override
  public void finished(RunResult result) {
    RunSnapshot finished =
        run.orElseThrow()
            .withTag(PREFIX + "kernels", result.kernels())
            .withTag(PREFIX + "parameters-sha256", result.parametersSha256())
            .withTag(PREFIX + "checkpoint", result.checkpoint());
    send(finished.withEnd("FINISHED", Instant.now()));
  }

  @Override
  public void failed(RunStatus status) {
    RunSnapshot failed = run.orElseThrow().withTag(PREFIX + "failure", status.reason().orElse(""));
    String end = status.state() == RunStatus.State.FAILED ? "FAILED" : "KILLED";
    send(failed.withEnd(end, Instant.now()));
  }

  private void send(RunSnapshot snapshot) {
    run = Optional.of(snapshot);
    sender.send(snapshot);
  }

  @Override
  public void close() {
    sender.close();
  }
}
