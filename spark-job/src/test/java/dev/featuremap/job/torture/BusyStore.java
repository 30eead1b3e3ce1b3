package dev.featuremap.job.torture;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.S3Front;
import dev.featuremap.job.testing.SubmittedJob;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A store of S3 that refuses 3 of 10 requests, which a run must not mind, or all of them from a
 * random moment on: then the run must end in time and leave a checkpoint to resume from.
 */
final class BusyStore implements Campaign {
  private static final double SHARE = 0.3;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Torture torture;

  BusyStore(Torture torture) {
    this.torture = torture;
  }

  @Override
  public String name() {
    return "busy-store";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    if (!store.name().equals("s3a")) {
      return;
    }
    try (S3Front front = S3Front.start(URI.create(store.hadoop().get("fs.s3a.endpoint")), random)) {
      TortureStore busy = store.through(front);
      for (int count = torture.ledger().count(name(), store.name()); count < faults; count++) {
        if (count % 2 == 0) {
          someRefused(busy, front);
        } else {
          allRefused(busy, front, random);
        }
      }
    }
  }

  private void someRefused(TortureStore store, S3Front front) throws Exception {
    long before = front.refused();
    front.refuse(SHARE);
    String outcome = torture.subject(store).finish();
    front.refuse(0);
    String fault = "%d requests refused, 3 of 10".formatted(front.refused() - before);
    torture.ledger().add(name(), store.name(), fault, outcome);
  }

  private void allRefused(TortureStore store, S3Front front, Random random) throws Exception {
    Subject subject = torture.subject(store);
    long moment = random.nextInt((int) torture.runMillis() / 2);
    try (SubmittedJob job = subject.start(submission -> submission)) {
      Subject.awaitTraining(job);
      TimeUnit.MILLISECONDS.sleep(moment);
      front.refuse(1);
      Instant begin = Instant.now();
      String outcome = ended(subject, job, front);
      Duration took = Duration.between(begin, Instant.now());
      String fault =
          String.format(
              Locale.ROOT, "all refused after %d ms, over after %d s", moment, took.toSeconds());
      torture.ledger().add(name(), store.name(), fault, outcome);
    }
  }

  private static String ended(Subject subject, SubmittedJob job, S3Front front) throws Exception {
    int code;
    try {
      code = job.waitFor(DEADLINE);
    } catch (IllegalStateException e) {
      job.kill();
      return "stuck";
    } finally {
      front.refuse(0);
    }
    return code == ExitCode.STORAGE_FAILED.code() ? subject.resume(job) : subject.outcome(job);
  }
}
