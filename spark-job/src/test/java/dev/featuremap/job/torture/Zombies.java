package dev.featuremap.job.torture;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Stops a driver at a random moment, lets a second one take the run over, and lets the first go on
 * at another random moment: it must publish nothing and leave.
 */
final class Zombies implements Campaign {
  /** All checkpoints stay, so that each can be looked at. */
  private static final String KEEP_ALL = "--set=checkpoint.keep-last=1000";

  private final Torture torture;

  Zombies(Torture torture) {
    this.torture = torture;
  }

  @Override
  public String name() {
    return "zombies";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    while (torture.ledger().count(name(), store.name()) < faults) {
      Subject subject = torture.subject(store);
      long pauseAt = torture.moment(random).toMillis();
      long wakeAt = torture.moment(random).toMillis();
      try (SubmittedJob older = subject.start(submission -> submission, KEEP_ALL)) {
        Subject.awaitTraining(older);
        TimeUnit.MILLISECONDS.sleep(pauseAt);
        older.pause();
        if (!older.hasEnded()) {
          String fault =
              String.format(
                  Locale.ROOT, "stopped after %d ms, for %d ms of its successor", pauseAt, wakeAt);
          torture.ledger().add(name(), store.name(), fault, haunt(subject, older, wakeAt));
        }
      }
    }
  }

  private static String haunt(Subject subject, SubmittedJob older, long wakeAt) throws Exception {
    boolean complete = subject.isTrained();
    try (SubmittedJob newer = subject.start(submission -> submission, KEEP_ALL)) {
      if (complete) {
        newer.awaitText("parameters-sha256", TrainingRuns.LIMIT);
      } else {
        Subject.awaitTraining(newer);
      }
      TimeUnit.MILLISECONDS.sleep(wakeAt);
      older.goOn();
      int code = older.waitFor(TrainingRuns.LIMIT);
      // One that was stopped after its last checkpoint has nothing to publish and may report it.
      if (code != ExitCode.RUN_HELD.code() && !(complete && code == 0)) {
        return "the first ended with %d: %s".formatted(code, older.errors());
      }
      // Deletes the logs of both.
      String outcome = subject.outcome(newer);
      Optional<String> broken = subject.brokenHistory();
      return broken.isPresent() ? broken.get() : outcome;
    }
  }
}
