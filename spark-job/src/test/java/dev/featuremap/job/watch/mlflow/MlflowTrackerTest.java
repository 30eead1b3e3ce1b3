package dev.featuremap.job.watch.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.TrackingSettings.Mlflow;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.FakeMlflow;
import dev.featuremap.job.testing.FakeMlflow.Mood;
import dev.featuremap.job.testing.FakeMlflow.StoredRun;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RunStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run of some epochs as a tracking server gets it, when it works and when it does not. */
@Timeout(60)
class MlflowTrackerTest {
  private static final JobConfig CONFIG =
      JobConfigLoader.of(new Configuration())
          .load(ConfigRequest.defaults().withAssignments("run-id=it's: \"r1\""));

  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private Duration answerLimit = Duration.ofSeconds(20);
  private Set<Thread> before;
  private FakeMlflow server;

  @BeforeEach
  void start() throws IOException {
    server = FakeMlflow.start();
    before = Thread.getAllStackTraces().keySet();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void createsARunWithItsSettingsAndTags() {
    track(Map.of(), true, 0, 1).close();

    StoredRun run = server.run();
    assertThat(server.experiments()).containsExactly("digits");
    assertThat(run.parameters())
        .containsEntry("train.learning-rate", "0.002")
        .containsEntry("network.layers.0.name", "conv1")
        .hasSameSizeAs(CONFIG.flat());
    assertThat(run.tags())
        .containsEntry("featuremap.run-id", "it's: \"r1\"")
        .containsEntry("featuremap.application-id", "local-1")
        .containsEntry("featuremap.attempt", "1")
        .containsEntry("featuremap.kernels", "scalar")
        .containsEntry("featuremap.directory", "hdfs://nn/runs/r1")
        .hasEntrySatisfying("mlflow.note.content", note -> assertThat(note).contains("conv1"));
    assertThat(warnings).isEmpty();
  }

  @Test
  void sendsEachValueOfEachEpochOnce() {
    track(Map.of(), true, 0, 3).close();

    assertThat(server.run().metrics()).containsExactlyInAnyOrderElementsOf(expected(1, 3));
  }

  @Test
  void goesOnWithTheSameRunAfterAResume() {
    track(Map.of(), true, 0, 3).close();
    MlflowTracker resumed = track(Map.of(), false, 2, 5);
    resumed.failed(status(5).failed(ExitCode.INTERNAL, "no more", Instant.EPOCH));
    resumed.close();

    StoredRun run = server.run();
    assertThat(run.metrics()).containsExactlyInAnyOrderElementsOf(expected(1, 5));
    assertThat(run.tags())
        .containsEntry("featuremap.attempt", "2")
        .containsEntry("featuremap.failure", "no more");
    assertThat(run.statuses()).containsExactly("RUNNING", "FAILED");
  }

  @Test
  void sendsWhatADriverThatDiedDidNotSend() {
    track(Map.of(), true, 0, 1).close();
    track(Map.of(), false, 4, 5).close();

    assertThat(server.run().metrics()).containsExactlyInAnyOrderElementsOf(expected(1, 5));
  }

  @Test
  void isRunningAgainAfterAFailure() {
    MlflowTracker failing = track(Map.of(), true, 0, 1);
    failing.failed(status(1).failed(ExitCode.KILLED, "no more", Instant.EPOCH));
    failing.close();
    track(Map.of(), false, 1, 2).close();

    assertThat(server.run().statuses()).containsExactly("RUNNING", "KILLED", "RUNNING");
    assertThat(server.run().tags()).containsEntry("featuremap.failure", "");
  }

  @Test
  void takesANewRunOfAnOldNameForAnother() {
    track(Map.of(), true, 0, 1).close();
    track(Map.of(), true, 0, 1).close();

    assertThat(server.runs()).hasSize(2);
  }

  @Test
  void findsARunWhoseCreationWasNotAnswered() throws InterruptedException {
    server.mood(Mood.FORGETFUL);
    MlflowTracker tracker = track(Map.of(), true, 0, 2);
    while (server.runs().isEmpty() || server.run().metrics().size() < expected(1, 2).size()) {
      Thread.sleep(5);
    }
    tracker.close();

    assertThat(server.run().metrics()).containsExactlyInAnyOrderElementsOf(expected(1, 2));
  }

  @Test
  void provesWhoItIsByTheEnvironment() {
    track(Map.of("MLFLOW_TRACKING_TOKEN", "canary"), true, 0, 1).close();

    assertThat(server.credentials()).isNotEmpty().containsOnly("Bearer canary");
    assertThat(server.run().parameters().toString() + server.run().tags()).doesNotContain("canary");
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSING", "HANGING", "GARBAGE"})
  void warnsOnceOfAServerThatDoesNotAnswerAndLeavesNoThread(Mood mood) {
    server.mood(mood);
    answerLimit = Duration.ofMillis(500);
    long start = System.nanoTime();

    track(Map.of("MLFLOW_TRACKING_TOKEN", "canary"), true, 0, 20).close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    String why =
        switch (mood) {
          case REFUSING ->
              "GET /api/2.0/mlflow/experiments/get-by-name was answered with status 503 TEMPORARILY_UNAVAILABLE";
          case GARBAGE ->
              "GET /api/2.0/mlflow/experiments/get-by-name was answered with no JSON object";
          default -> "(Read timed out|Socket closed|.*)";
        };
    assertThat(warnings)
        .singleElement()
        .asString()
        .matches(
            "Cannot tell MLflow at %s of the run: %s\\. Training goes on; what is missing there is sent once it answers\\."
                .formatted(server.uri(), why))
        .doesNotContain("canary");
    assertNoThreadLeft();
  }

  @Test
  void warnsOnceOfAServerThatIsNotThere() throws IOException {
    URI nowhere;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    track(nowhere, Map.of(), true, 0, 3).close();

    assertThat(warnings)
        .containsExactly(
            "Cannot tell MLflow at %s of the run: Connection refused. Training goes on; what is missing there is sent once it answers."
                .formatted(nowhere));
    assertNoThreadLeft();
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSING", "HANGING", "GARBAGE"})
  void sendsEverythingOnceTheServerAnswers(Mood mood) throws InterruptedException {
    server.mood(mood);
    answerLimit = Duration.ofMillis(500);
    MlflowTracker tracker = track(Map.of(), true, 0, 2);
    while (warnings.isEmpty()) {
      Thread.sleep(5);
    }
    server.mood(Mood.NORMAL);
    tracker.epochDone(done(3));
    while (server.runs().isEmpty() || server.run().metrics().size() < expected(1, 3).size()) {
      Thread.sleep(5);
    }
    tracker.close();

    assertThat(server.run().metrics()).containsExactlyInAnyOrderElementsOf(expected(1, 3));
    assertThat(warnings).hasSize(1);
  }

  /** Epochs up to {@code resumedAt} are history when the driver starts; it does those after. */
  private MlflowTracker track(
      Map<String, String> environment, boolean isNew, int resumedAt, int epochs) {
    return track(server.uri(), environment, isNew, resumedAt, epochs);
  }

  private MlflowTracker track(
      URI uri, Map<String, String> environment, boolean isNew, int resumedAt, int epochs) {
    Sender.Limits limits =
        new Sender.Limits(
            Duration.ofMillis(20), Duration.ofSeconds(20), answerLimit, Duration.ofSeconds(5));
    MlflowTracker tracker =
        new MlflowTracker(
            new Mlflow(uri, "digits"),
            new MlflowServer(uri, Credentials.of(environment), Duration.ofSeconds(2), answerLimit),
            limits,
            warnings::add);
    tracker.started(
        new RunStart(
            CONFIG,
            new Path("hdfs://nn/runs/r1"),
            status(isNew ? 1 : 2),
            isNew,
            OptionalInt.empty(),
            history(resumedAt),
            0));
    IntStream.rangeClosed(resumedAt + 1, epochs).forEach(n -> tracker.epochDone(done(n)));
    return tracker;
  }

  private static RunStatus status(int attempt) {
    return RunStatus.running(CONFIG.runId(), 0, attempt, "local-1", Instant.EPOCH, Instant.EPOCH);
  }

  private static EpochDone done(int epochs) {
    return new EpochDone(
        history(epochs), null, Optional.empty(), () -> new float[0], "scalar", false);
  }

  private static List<EpochMetrics> history(int epochs) {
    return IntStream.rangeClosed(1, epochs).mapToObj(MlflowTrackerTest::epoch).toList();
  }

  private static EpochMetrics epoch(int n) {
    EpochTimes times = new EpochTimes(n, Double.NaN, 0, 0.5, 0.25, 0.125, 0);
    return new EpochMetrics(n, n, 0.1 / n, 1.0 / n, 0.9, 0.5 / n, 0.95, 0.3, 1000 * n, times);
  }

  private static List<String> expected(int from, int to) {
    List<String> metrics = new ArrayList<>();
    for (EpochMetrics epoch : history(to).subList(from - 1, to)) {
      epoch
          .values()
          .forEach(
              (name, value) -> {
                if (Double.isFinite(value)) {
                  metrics.add("%s@%s=%s".formatted(name, epoch.epoch(), value));
                }
              });
    }
    return metrics;
  }

  private void assertNoThreadLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .extracting(Thread::getName)
        // The server's own, and one that Netty starts when it likes, after a Spark of other tests.
        .allMatch(name -> name.matches("(pool-|HTTP-Dispatcher|globalEventExecutor).*"));
  }
}
