package dev.featuremap.job.torture;

import dev.featuremap.job.testing.Signals;
import dev.featuremap.job.testing.StandaloneCluster;
import dev.featuremap.job.testing.SubmittedJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills executors of a standalone cluster at random moments, one or all of them, or stops one,
 * which must cost less than a minute.
 */
final class ExecutorKills implements Campaign {
  private static final int MOST_OF_A_RUN = 3;
  private static final Duration STOPPED_COSTS = Duration.ofSeconds(60);

  private final Torture torture;
  private final Path directory;
  private final boolean stops;

  /**
   * The campaign.
   *
   * @param directory for the cluster's files
   * @param stops true to stop executors, not to kill them
   */
  ExecutorKills(Torture torture, Path directory, boolean stops) {
    this.torture = torture;
    this.directory = directory;
    this.stops = stops;
  }

  @Override
  public String name() {
    return stops ? "executor-stops" : "executor-kills";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    if (torture.ledger().count(name(), store.name()) >= faults) {
      return;
    }
    Path place = Files.createDirectories(directory.resolve(name() + "-" + store.name()));
    try (StandaloneCluster cluster = StandaloneCluster.start(place)) {
      long millis = trainingMillis(store, cluster);
      while (torture.ledger().count(name(), store.name()) < faults) {
        List<String> done = new ArrayList<>();
        String outcome = disturb(torture.subject(store), cluster, millis, done, random);
        for (String fault : done) {
          torture.ledger().add(name(), store.name(), fault, outcome);
        }
      }
    }
  }

  /** How long a run trains that nothing disturbs. */
  private long trainingMillis(TortureStore store, StandaloneCluster cluster) throws Exception {
    Subject subject = torture.subject(store);
    try (SubmittedJob job = subject.start(submission -> cluster.submit(submission, ""))) {
      Subject.awaitTraining(job);
      Instant begin = Instant.now();
      String outcome = subject.outcome(job);
      if (!outcome.equals(Ledger.SAME_BITS)) {
        throw new IllegalStateException(
            "Cannot disturb runs on the cluster: an undisturbed one must have the bits of a local one, got: "
                + outcome);
      }
      return Duration.between(begin, Instant.now()).toMillis();
    }
  }

  private String disturb(
      Subject subject, StandaloneCluster cluster, long millis, List<String> done, Random random)
      throws Exception {
    try (SubmittedJob job = subject.start(submission -> cluster.submit(submission, ""))) {
      Subject.awaitTraining(job);
      Instant begin = Instant.now();
      int most = stops ? 1 : MOST_OF_A_RUN;
      while (done.size() < most) {
        long pause = random.nextInt((int) millis);
        TimeUnit.MILLISECONDS.sleep(pause);
        List<Long> executors = new ArrayList<>(cluster.executorPids());
        if (job.hasEnded() || executors.isEmpty()) {
          break;
        }
        boolean all = !stops && random.nextInt(4) == 0;
        List<Long> hit = all ? executors : executors.subList(0, 1);
        for (long pid : hit) {
          Signals.send(stops ? "STOP" : "KILL", pid);
        }
        done.add(
            String.format(
                Locale.ROOT,
                "%d of %d after %d ms of training",
                hit.size(),
                executors.size(),
                Duration.between(begin, Instant.now()).toMillis()));
      }
      String outcome = subject.outcome(job);
      if (!outcome.equals(Ledger.SAME_BITS)) {
        return outcome;
      }
      Duration longer = Duration.between(begin, Instant.now()).minusMillis(millis);
      if (stops && longer.compareTo(STOPPED_COSTS) > 0) {
        return "took %d s longer".formatted(longer.toSeconds());
      }
      return subject.attempts() == 1 ? outcome : "%d attempts".formatted(subject.attempts());
    }
  }
}
