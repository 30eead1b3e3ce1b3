package dev.featuremap.job.torture;

import dev.featuremap.job.testing.ClusterDriver;
import dev.featuremap.job.testing.Signals;
import dev.featuremap.job.testing.SparkCluster;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;

/** A place for drivers: this machine alone, or a cluster in either deploy mode. */
final class DriverPlace {

  /** The kinds of places. */
  enum Mode {
    LOCAL,
    CLIENT,
    CLUSTER;

    /** As the ledger says it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Mode mode;
  private final SparkCluster cluster;

  DriverPlace(Mode mode, SparkCluster cluster) {
    this.mode = mode;
    this.cluster = cluster;
  }

  /** Starts a driver of a run. */
  Driver start(Subject subject, String... more) throws IOException, InterruptedException {
    SubmittedJob job =
        subject.start(
            submission ->
                switch (mode) {
                  case LOCAL -> submission;
                  case CLIENT -> cluster.submit(submission, "");
                  case CLUSTER -> cluster.submitDriver(submission);
                },
            more);
    return new Driver(job, mode == Mode.CLUSTER ? cluster.awaitDriver() : null);
  }

  /** A driver that was started; {@code inCluster} is null where it is the submitting process. */
  record Driver(SubmittedJob job, ClusterDriver inCluster) implements AutoCloseable {

    void awaitTraining() throws IOException, InterruptedException {
      if (inCluster == null) {
        Subject.awaitTraining(job);
      } else {
        inCluster.awaitText(Subject.TRAINING, TrainingRuns.LIMIT);
      }
    }

    /** Waits for its end, and returns its exit code; nothing in a cluster, which does not tell. */
    OptionalInt awaitEnd() throws InterruptedException {
      int code = job.waitFor(TrainingRuns.LIMIT);
      return inCluster == null ? OptionalInt.of(code) : OptionalInt.empty();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
      long pid = inCluster == null ? job.pid() : inCluster.pid();
      Signals.send(name, pid);
    }

    String output() throws IOException {
      return inCluster == null ? job.output() : inCluster.output();
    }

    String errors() throws IOException {
      return inCluster == null ? job.errors() : inCluster.errors();
    }

    @Override
    public void close() {
      job.close();
    }
  }
}
