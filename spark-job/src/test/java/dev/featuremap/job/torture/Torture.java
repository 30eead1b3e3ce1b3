package dev.featuremap.job.torture;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The campaigns of {@code scripts/torture}.
 *
 * <p>All runs are one: a small network with dropout and Adam, outer momentum, checkpoints within
 * epochs and a retention that deletes most of them, so that each fault finds much to break.
 */
public final class Torture {
  /** Besides those of {@link TrainingRuns}. */
  private static final String[] SETTINGS = {
    "--set=checkpoint.every-rounds=2",
    "--set=checkpoint.keep-last=2",
    "--set=sync.outer.type=slowmo",
    "--set=early-stopping.patience=100"
  };

  private static final int DIGITS = 2_000;
  private static final int EPOCHS = 4;
  private static final String SYNC = "5 steps";
  private static final List<String> STORES = List.of("file", "hdfs", "s3a");

  private final TrainingRuns all;
  private final Ledger ledger;
  private final Runs runs;
  private final long runMillis;

  /**
   * Runs of one kind.
   *
   * @param arguments besides those of all runs
   * @param expected what they must end with
   */
  record Runs(List<String> arguments, Subject.Expected expected) {}

  private Torture(TrainingRuns all, Ledger ledger, Runs runs, long runMillis) {
    this.all = all;
    this.ledger = ledger;
    this.runs = runs;
    this.runMillis = runMillis;
  }

  /**
   * Prepares campaigns by a run that nothing disturbs.
   *
   * @param directory for data, logs and runs
   */
  static Torture in(Path directory, Ledger ledger) throws IOException, InterruptedException {
    TrainingRuns all = TrainingRuns.in(directory, DIGITS, EPOCHS, SYNC);
    Instant begin = Instant.now();
    Runs runs = undisturbed(all, List.of());
    long millis = Duration.between(begin, Instant.now()).toMillis();
    return new Torture(all, ledger, runs, millis);
  }

  private static Runs undisturbed(TrainingRuns all, List<String> more)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(SETTINGS));
    arguments.addAll(more);
    String id = "undisturbed-" + UUID.randomUUID();
    try (SubmittedJob job =
        all.start(id, submission -> submission, arguments.toArray(String[]::new))) {
      if (job.waitFor(TrainingRuns.LIMIT) != 0) {
        throw new IllegalStateException("Cannot torture: a run must end well, got " + job.errors());
      }
    }
    RunResult result = all.result(id);
    System.out.printf(
        "undisturbed: parameters-sha256 %s, %s, %s%n",
        result.parametersSha256(), result.kernels(), more);
    return new Runs(arguments, Subject.Expected.of(all, id));
  }

  /** Runs with other arguments, of which one is trained that nothing disturbs. */
  Runs runs(List<String> arguments) throws IOException, InterruptedException {
    return arguments.isEmpty() ? runs : undisturbed(all, arguments);
  }

  /** A new run of some kind on a store. */
  Subject subject(TortureStore store, Runs kind) {
    return new Subject(
        all.writtenTo(store.directory("runs-" + UUID.randomUUID()), store.hadoop()), kind);
  }

  /** A new run on a store. */
  Subject subject(TortureStore store) {
    return subject(store, runs);
  }

  /** Where faults are told. */
  Ledger ledger() {
    return ledger;
  }

  /** How long an undisturbed run took. */
  long runMillis() {
    return runMillis;
  }

  /** When something shall happen in the training of a run. */
  Duration moment(Random random) {
    return Duration.ofMillis(random.nextInt((int) runMillis / 2));
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
    System.out.print(new ShaMatrix(torture, directory).table());
    // Hadoop's threads would keep the process.
    System.exit(ledger.isClean() ? 0 : 1);
  }

  private static Campaign refuse(String name, Set<String> known) {
    throw new IllegalArgumentException(
        "Cannot torture runs: --campaigns takes some of %s, got '%s'."
            .formatted(new TreeSet<>(known), name));
  }

  private List<Campaign> campaigns(String names, Path directory) {
    List<Campaign> all =
        List.of(
            new DriverKills(this, false),
            new DriverKills(this, true),
            new StepKills(this),
            new Zombies(this),
            new ExecutorKills(this, directory, false),
            new ExecutorKills(this, directory, true),
            new ExecutorChanges(this, directory),
            Manners.standalone(this, directory),
            Manners.yarn(this, directory),
            new DamagedFiles(this),
            new BusyStore(this),
            new HdfsOutages(this),
            new ShaMatrix(this, directory));
    if (names.equals("all")) {
      return all;
    }
    Map<String, Campaign> byName =
        all.stream().collect(Collectors.toMap(Campaign::name, one -> one));
    return Arrays.stream(names.split(","))
        .map(name -> byName.computeIfAbsent(name, unknown -> refuse(unknown, byName.keySet())))
        .toList();
  }
}
