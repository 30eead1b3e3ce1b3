package dev.featuremap.job.torture;

import dev.featuremap.job.testing.SubmittedJob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Kills drivers at every line of the classes that make checkpoints and their files. */
final class StepKills implements Campaign {
  private static final int MOST_OF_A_RUN = 6;

  private final Torture torture;

  StepKills(Torture torture) {
    this.torture = torture;
  }

  @Override
  public String name() {
    return "step-kills";
  }

  /**
   * Goes through all lines again and again until there are enough, first through those at which no
   * driver was killed on any store.
   */
  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    Map<String, Integer> lines = survey(store);
    System.out.printf("%s: %d lines are steps%n", store.name(), lines.size());
    Ledger ledger = torture.ledger();
    List<String> rareFirst =
        lines.keySet().stream()
            .sorted(Comparator.comparing(line -> ledger.countOnAnyStore(name(), line)))
            .toList();
    Deque<String> left = new ArrayDeque<>(ledger.missing(name(), store.name(), rareFirst, faults));
    while (!left.isEmpty()) {
      Subject subject = torture.subject(store);
      List<String> done = new ArrayList<>();
      String outcome = killAndFinish(subject, left, lines, done, random);
      for (String fault : done) {
        ledger.add(name(), store.name(), fault, outcome);
      }
    }
  }

  /** Kills drivers of one run, each at the next line, and lets the run end. */
  private static String killAndFinish(
      Subject subject,
      Deque<String> left,
      Map<String, Integer> hits,
      List<String> done,
      Random random)
      throws Exception {
    while (done.size() < MOST_OF_A_RUN && !left.isEmpty()) {
      String line = left.remove();
      int most = done.isEmpty() ? hits.get(line) : Math.max(1, hits.get(line) / MOST_OF_A_RUN);
      int hit = 1 + random.nextInt(most);
      try (StepDebugger debugger = StepDebugger.listen();
          SubmittedJob job = start(subject, debugger)) {
        int[] missing = {hit};
        debugger.run(
            job,
            line::equals,
            (reached, driver) -> {
              if (--missing[0] == 0) {
                driver.kill();
              }
            });
        if (missing[0] > 0) {
          // A driver that resumes comes to fewer lines: this one is left for a new run.
          if (!done.isEmpty()) {
            left.addFirst(line);
          }
          String outcome = subject.outcome(job);
          if (done.isEmpty() && !outcome.equals(Ledger.SAME_BITS)) {
            done.add("%s, which was not reached again".formatted(line));
          }
          return outcome;
        }
        done.add("%s for the %d. time".formatted(line, hit));
        Optional<String> lost = subject.lost(job);
        if (lost.isPresent()) {
          return lost.get();
        }
      }
    }
    return subject.finish();
  }

  private static SubmittedJob start(Subject subject, StepDebugger debugger) throws Exception {
    return subject.start(submission -> submission.jvmOption(debugger.jvmOption()));
  }

  /** How often an undisturbed run comes to each line. */
  private Map<String, Integer> survey(TortureStore store) throws Exception {
    Map<String, Integer> hits = new TreeMap<>();
    Subject subject = torture.subject(store);
    String outcome;
    try (StepDebugger debugger = StepDebugger.listen();
        SubmittedJob job = start(subject, debugger)) {
      debugger.run(job, any -> true, (line, driver) -> hits.merge(line, 1, Integer::sum));
      outcome = subject.outcome(job);
    }
    if (!outcome.equals(Ledger.SAME_BITS)) {
      throw new IllegalStateException(
          "Cannot find the steps: an undisturbed run must end with the same bits, got: " + outcome);
    }
    return hits;
  }
}
