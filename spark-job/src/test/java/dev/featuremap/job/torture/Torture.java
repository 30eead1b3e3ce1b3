package dev.featuremap.job.torture;

import dev.featuremap.job.run.RunResult;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * The campaigns of {@code scripts/torture}.
 *
 * <p>All runs are one: a small network with dropout and Adam, outer momentum, checkpoints within
 * epochs and a retention that deletes most of them, so that each fault finds much to break.
 */
public final class Torture {
  /** Besides those of {@link TrainingRuns}. */
  static final String[] SETTINGS = {
    "--set=checkpoint.every-rounds=2",
    "--set=checkpoint.keep-last=2",
    "--set=sync.outer.type=slowmo",
    "--set=early-stopping.patience=100"
  };

  private static final int DIGITS = 2_000;
  private static final int EPOCHS = 4;
  private static final String SYNC = "5 steps";
  private static final List<String> STORES = List.of("file", "hdfs", "s3a");

  private final TrainingRuns runs;
  private final Ledger ledger;
  private final Subject.Expected expected;
  private final long runMillis;

  private Torture(TrainingRuns runs, Ledger ledger, Subject.Expected expected, long runMillis) {
    this.runs = runs;
    this.ledger = ledger;
    this.expected = expected;
    this.runMillis = runMillis;
  }

  /**
   * Prepares campaigns by a run that nothing disturbs.
   *
   * @param directory for data, logs and runs
   */
  static Torture in(Path directory, Ledger ledger) throws IOException, InterruptedException {
    TrainingRuns runs = TrainingRuns.in(directory, DIGITS, EPOCHS, SYNC);
    Instant begin = Instant.now();
    try (SubmittedJob job = runs.start("undisturbed", submission -> submission, SETTINGS)) {
      if (job.waitFor(TrainingRuns.LIMIT) != 0) {
        throw new IllegalStateException("Cannot torture: a run must end well, got " + job.errors());
      }
    }
    long millis = Duration.between(begin, Instant.now()).toMillis();
    RunResult result = runs.result("undisturbed");
    System.out.printf(
        "undisturbed: %.1f s, parameters-sha256 %s%n", millis / 1e3, result.parametersSha256());
    return new Torture(runs, ledger, Subject.Expected.of(runs, "undisturbed"), millis);
  }

  /** A new run on a store. */
  Subject subject(TortureStore store) {
    return new Subject(
        runs.writtenTo(store.directory("runs-" + UUID.randomUUID()), store.hadoop()), expected);
  }

  /** Where faults are told. */
  Ledger ledger() {
    return ledger;
  }

  /** How long an undisturbed run took. */
  long runMillis() {
    return runMillis;
  }

  /**
   * Runs campaigns.
   *
   * @param arguments a working directory, the ledger's file, how many faults of each campaign on
   *     each store there shall be, a seed, campaigns, stores; the last two with commas, or {@code
   *     all}
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
    Ledger ledger = Ledger.open(Path.of(arguments[1]));
    int faults = Integer.parseInt(arguments[2]);
    Random random = new Random(Long.parseLong(arguments[3]));
    Torture torture = in(directory, ledger);
    for (String name : arguments[5].equals("all") ? STORES : List.of(arguments[5].split(","))) {
      try (TortureStore store = TortureStore.start(name, directory.resolve(name))) {
        for (Campaign campaign : torture.campaigns(arguments[4], directory)) {
          campaign.run(store, faults, random);
        }
      }
    }
    System.out.print(ledger.summary());
    // Hadoop's threads would keep the process.
    System.exit(ledger.isClean() ? 0 : 1);
  }

  private List<Campaign> campaigns(String names, Path directory) {
    List<Campaign> all =
        List.of(
            new DriverKills(this),
            new StepKills(this),
            new Zombies(this),
            new ExecutorKills(this, directory, false),
            new ExecutorKills(this, directory, true),
            new DamagedFiles(this),
            new BusyStore(this));
    return names.equals("all")
        ? all
        : all.stream().filter(one -> List.of(names.split(",")).contains(one.name())).toList();
  }
}
