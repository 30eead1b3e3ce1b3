package dev.featuremap.job.torture;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.testing.SparkCluster;
import dev.featuremap.job.testing.StandaloneCluster;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.YarnCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What schedulers do to drivers, wherever these run: end one, give it little time, start it again,
 * start it with other settings, start it twice. Exit code, status and message must be those that
 * the documentation says, and the run must end with the same bits.
 */
final class Manners implements Campaign {
  private static final String TOLD_TO_END = "told to end";
  private static final String LITTLE_TIME = "little time";
  private static final String AGAIN = "started again";
  private static final String OTHER_SETTINGS = "other settings";
  private static final String TWICE = "started twice";
  private static final List<String> EVENTS =
      List.of(TOLD_TO_END, LITTLE_TIME, AGAIN, OTHER_SETTINGS, TWICE);
  private static final int MOST_STARTS = 40;

  private record Treatment(DriverPlace.Mode mode, String event) {}

  private final Torture torture;
  private final Path directory;
  private final String name;
  private final List<DriverPlace.Mode> modes;
  private final Start start;

  /** Starts a cluster. */
  private interface Start {
    SparkCluster in(Path directory) throws Exception;
  }

  private Manners(
      Torture torture, Path directory, String name, List<DriverPlace.Mode> modes, Start start) {
    this.torture = torture;
    this.directory = directory;
    this.name = name;
    this.modes = modes;
    this.start = start;
  }

  /**
   * In one process, and on a standalone cluster.
   *
   * @param directory for the cluster's files
   */
  static Manners standalone(Torture torture, Path directory) {
    List<DriverPlace.Mode> modes = List.of(DriverPlace.Mode.values());
    return new Manners(torture, directory, "manners", modes, StandaloneCluster::start);
  }

  /**
   * On YARN.
   *
   * @param directory for the cluster's files
   */
  static Manners yarn(Torture torture, Path directory) {
    List<DriverPlace.Mode> modes = List.of(DriverPlace.Mode.CLIENT, DriverPlace.Mode.CLUSTER);
    return new Manners(torture, directory, "yarn-manners", modes, YarnCluster::start);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    if (torture.ledger().count(name(), store.name()) >= faults) {
      return;
    }
    Map<String, Treatment> points = new LinkedHashMap<>();
    for (DriverPlace.Mode mode : modes) {
      for (String event : EVENTS) {
        points.put(mode.word() + ": " + event, new Treatment(mode, event));
      }
    }
    Path place = Files.createDirectories(directory.resolve(name() + "-" + store.name()));
    try (SparkCluster cluster = start.in(place)) {
      Ledger ledger = torture.ledger();
      for (String point : ledger.missing(name(), store.name(), points.keySet(), faults)) {
        Treatment what = points.get(point);
        DriverPlace drivers = new DriverPlace(what.mode(), cluster);
        String outcome = treat(torture.subject(store), drivers, what.event(), random);
        ledger.add(name(), store.name(), point + " by a scheduler", outcome);
      }
    }
  }

  private static String treat(Subject subject, DriverPlace drivers, String event, Random random)
      throws Exception {
    return switch (event) {
      case TOLD_TO_END -> tellToEnd(subject, drivers, random);
      case LITTLE_TIME -> giveLittleTime(subject, drivers);
      case AGAIN -> startAgain(subject, drivers);
      case OTHER_SETTINGS -> startWithOtherSettings(subject, drivers);
      case TWICE -> startTwice(subject, drivers);
      default -> throw new IllegalArgumentException(event);
    };
  }

  private static String tellToEnd(Subject subject, DriverPlace drivers, Random random)
      throws Exception {
    try (DriverPlace.Driver driver = drivers.start(subject)) {
      driver.awaitTraining();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(1000));
      driver.signal("TERM");
      OptionalInt code = driver.awaitEnd();
      String problem = problem(driver, code, ExitCode.KILLED, "its process was told to end");
      if (!problem.isEmpty()) {
        return problem;
      }
      RunStatus status = subject.status();
      return status.state() == RunStatus.State.KILLED ? subject.finish() : status.toJson();
    }
  }

  /** Gives every start a little more time than the one before, until one comes to the end. */
  private static String giveLittleTime(Subject subject, DriverPlace drivers) throws Exception {
    int outOfTime = 0;
    for (int start = 1; start <= MOST_STARTS; start++) {
      String minutes = String.format(Locale.ROOT, "--max-minutes=%.2f", 0.05 * start);
      try (DriverPlace.Driver driver = drivers.start(subject, minutes)) {
        OptionalInt code = driver.awaitEnd();
        if (subject.isTrained()) {
          return outOfTime > 0 ? subject.finish() : "no start ran out of time";
        }
        String problem = problem(driver, code, ExitCode.OUT_OF_TIME, "in limits.max-minutes = ");
        if (!problem.isEmpty()) {
          return problem;
        }
        if (subject.status().state() != RunStatus.State.OUT_OF_TIME) {
          return subject.status().toJson();
        }
        outOfTime++;
      }
    }
    return "did not end in %d starts".formatted(MOST_STARTS);
  }

  private static String startAgain(Subject subject, DriverPlace drivers) throws Exception {
    try (DriverPlace.Driver first = drivers.start(subject)) {
      first.awaitEnd();
    }
    List<String> before = subject.files().lengthsAndTimes();
    try (DriverPlace.Driver second = drivers.start(subject)) {
      OptionalInt code = second.awaitEnd();
      if (code.orElse(0) != 0 || !second.output().contains("nothing was trained")) {
        return "%s: %s".formatted(code, second.errors());
      }
    }
    return subject.files().lengthsAndTimes().equals(before) ? subject.finish() : "files changed";
  }

  private static String startWithOtherSettings(Subject subject, DriverPlace drivers)
      throws Exception {
    try (DriverPlace.Driver first = drivers.start(subject)) {
      first.awaitTraining();
      first.signal("KILL");
      first.awaitEnd();
    }
    try (DriverPlace.Driver second = drivers.start(subject, "--set=train.seed=77")) {
      OptionalInt code = second.awaitEnd();
      String problem = problem(second, code, ExitCode.USAGE, "train.seed: was 1, is 77");
      return problem.isEmpty() ? subject.finish() : problem;
    }
  }

  private static String startTwice(Subject subject, DriverPlace drivers) throws Exception {
    try (DriverPlace.Driver older = drivers.start(subject)) {
      older.awaitTraining();
      older.signal("STOP");
      try (SubmittedJob newer = subject.start(submission -> submission)) {
        Subject.awaitTraining(newer);
        older.signal("CONT");
        OptionalInt code = older.awaitEnd();
        String problem = problem(older, code, ExitCode.RUN_HELD, "has taken the run over");
        return problem.isEmpty() ? subject.outcome(newer) : problem;
      }
    }
  }

  /** What is wrong with how a driver has ended; empty if nothing is. */
  private static String problem(
      DriverPlace.Driver driver, OptionalInt code, ExitCode expected, String reason)
      throws Exception {
    String errors = driver.errors();
    if (code.orElse(expected.code()) != expected.code()) {
      return "ended with %d: %s".formatted(code.getAsInt(), errors);
    }
    return errors.contains(reason) ? "" : "did not say '%s': %s".formatted(reason, errors);
  }
}
