package dev.featuremap.job.torture;

import dev.featuremap.job.testing.Signals;
import dev.featuremap.job.testing.StandaloneCluster;
import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What schedulers do with executors of their own accord: one is decommissioned, tasks of a slow one
 * are done twice, executors are asked for and given up by need. Spark's event log must tell that it
 * was so.
 */
final class ExecutorChanges implements Campaign {
  private static final String REMOVED = "\"SparkListenerExecutorRemoved\"";
  private static final String ADDED = "\"SparkListenerExecutorAdded\"";
  private static final String TWICE = "\"Speculative\":true";
  private static final int PAUSE_MILLIS = 1_500;

  private final Torture torture;
  private final Path directory;

  /** Something a scheduler does. */
  private enum Change {
    DECOMMISSIONED(REMOVED, 1),
    SLOWED(TWICE, 1),
    BY_NEED(ADDED, 2);

    private final String event;
    private final int least;

    Change(String event, int least) {
      this.event = event;
      this.least = least;
    }

    private Map<String, String> settings() {
      return switch (this) {
        case DECOMMISSIONED ->
            Map.of(
                "spark.decommission.enabled", "true", "spark.storage.decommission.enabled", "true");
        case SLOWED ->
            Map.of(
                "spark.speculation", "true",
                "spark.speculation.quantile", "0.5",
                "spark.speculation.multiplier", "1.1");
        case BY_NEED ->
            Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.initialExecutors", "1",
                "spark.dynamicAllocation.schedulerBacklogTimeout", "1s");
      };
    }

    void happenTo(long executor) throws IOException, InterruptedException {
      switch (this) {
        case DECOMMISSIONED -> Signals.send("PWR", executor);
        case SLOWED -> {
          Signals.send("STOP", executor);
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
          Signals.send("CONT", executor);
        }
        case BY_NEED -> Signals.send("KILL", executor);
      }
    }
  }

  /**
   * The campaign.
   *
   * @param directory for the cluster's files
   */
  ExecutorChanges(Torture torture, Path directory) {
    this.torture = torture;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "executor-changes";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    int count = torture.ledger().count(name(), store.name());
    if (count >= faults) {
      return;
    }
    Path place = Files.createDirectories(directory.resolve(name() + "-" + store.name()));
    try (StandaloneCluster cluster = StandaloneCluster.start(place)) {
      for (; count < faults; count++) {
        Change change = Change.values()[count % Change.values().length];
        Path events = Files.createDirectories(place.resolve("events-" + count));
        String outcome = disturb(torture.subject(store), cluster, change, events, random);
        String fault =
            "%s: %d came, %d left, %d tasks twice"
                .formatted(
                    change, count(events, ADDED), count(events, REMOVED), count(events, TWICE));
        boolean happened = count(events, change.event) >= change.least;
        torture.ledger().add(name(), store.name(), fault, happened ? outcome : "nothing happened");
      }
    }
  }

  private String disturb(
      Subject subject, StandaloneCluster cluster, Change change, Path events, Random random)
      throws Exception {
    try (SubmittedJob job =
        subject.start(
            submission -> {
              change.settings().forEach(submission::conf);
              return cluster
                  .submit(submission, "")
                  .conf("spark.eventLog.enabled", "true")
                  .conf("spark.eventLog.rolling.enabled", "false")
                  .conf("spark.eventLog.compress", "false")
                  .conf("spark.eventLog.dir", events.toUri().toString());
            })) {
      Subject.awaitTraining(job);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
      List<Long> executors = new ArrayList<>(cluster.executorPids());
      change.happenTo(executors.get(random.nextInt(executors.size())));
      String outcome = subject.outcome(job);
      if (!outcome.equals(Ledger.SAME_BITS)) {
        return outcome;
      }
      return subject.attempts() == 1 ? outcome : "%d attempts".formatted(subject.attempts());
    }
  }

  private static int count(Path events, String text) throws IOException {
    int count = 0;
    try (Stream<Path> files = Files.list(events)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          count +=
              (int)
                  lines
                      .filter(line -> line.contains(text))
                      .filter(line -> !text.equals(TWICE) || line.contains("TaskStart"))
                      .count();
        }
      }
    }
    return count;
  }
}
