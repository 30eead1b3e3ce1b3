package dev.featuremap.job.torture;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills drivers at random moments, up to five of one run, or tells them to end, which they must say
 * in their exit code.
 */
final class DriverKills implements Campaign {
  private static final int MOST_OF_A_RUN = 5;

  /** The share of a run's time in which Spark starts, which is hit less often. */
  private static final double START = 0.4;

  private final Torture torture;
  private final boolean asks;

  /**
   * The campaign.
   *
   * @param asks true to send SIGTERM instead of SIGKILL
   */
  DriverKills(Torture torture, boolean asks) {
    this.torture = torture;
    this.asks = asks;
  }

  @Override
  public String name() {
    return asks ? "driver-ends" : "driver-kills";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    while (torture.ledger().count(name(), store.name()) < faults) {
      Subject subject = torture.subject(store);
      List<String> done = new ArrayList<>();
      String outcome = killAndFinish(subject, done, random);
      for (String fault : done) {
        torture.ledger().add(name(), store.name(), fault, outcome);
      }
    }
  }

  private String killAndFinish(Subject subject, List<String> done, Random random) throws Exception {
    while (done.size() < MOST_OF_A_RUN) {
      double share = START * random.nextDouble() + random.nextDouble() * (1 - START);
      Duration life = Duration.ofMillis((long) (share * torture.runMillis()));
      try (SubmittedJob job = subject.start(submission -> submission)) {
        TimeUnit.MILLISECONDS.sleep(life.toMillis());
        if (job.hasEnded()) {
          return subject.outcome(job);
        }
        String problem = end(subject, job);
        if (!problem.isEmpty()) {
          done.add("told to end");
          return problem;
        }
        done.add(String.format(Locale.ROOT, "after %.3f s", life.toMillis() / 1e3));
        Optional<String> lost = subject.lost(job);
        if (lost.isPresent()) {
          return lost.get();
        }
      }
    }
    return subject.finish();
  }

  /** Ends a driver, and says what is wrong with how it ended. */
  private String end(Subject subject, SubmittedJob job) throws Exception {
    if (!asks) {
      job.kill();
      return "";
    }
    ProcessHandle.of(job.pid()).ifPresent(ProcessHandle::destroy);
    int code = job.waitFor(TrainingRuns.LIMIT);
    if (code != ExitCode.OK.code() && code != ExitCode.KILLED.code()) {
      return "ended with %d: %s".formatted(code, job.errors());
    }
    // Every JVM ends with 143; this one says why once it works on the run.
    boolean mustSay = code == ExitCode.KILLED.code() && job.output().contains(Subject.TRAINING);
    boolean says =
        job.errors().contains("its process was told to end")
            && subject.status().state() == RunStatus.State.KILLED;
    return mustSay && !says ? "ended without a word: " + job.errors() : "";
  }
}
