package dev.featuremap.job.torture;

import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Kills drivers at every line of the classes that make checkpoints and their files. */
final class StepKills implements Campaign {
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
    for (String line : ledger.missing(name(), store.name(), rareFirst, faults)) {
      kill(store, line, 1 + random.nextInt(lines.get(line)));
    }
  }

  /** How often an undisturbed run comes to each line. */
  private Map<String, Integer> survey(TortureStore store) throws Exception {
    Map<String, Integer> hits = new TreeMap<>();
    String outcome =
        debug(torture.subject(store), (line, job) -> hits.merge(line, 1, Integer::sum));
    if (!outcome.equals(Ledger.SAME_BITS)) {
      throw new IllegalStateException(
          "Cannot find the steps: an undisturbed run must end with the same bits, got: " + outcome);
    }
    return hits;
  }

  private void kill(TortureStore store, String line, int hit) throws Exception {
    Subject subject = torture.subject(store);
    int[] left = {hit};
    String outcome =
        debug(
            subject,
            (reached, job) -> {
              if (reached.equals(line) && --left[0] == 0) {
                job.kill();
              }
            });
    String fault = "%s for the %d. time".formatted(line, hit);
    // Less often than in the survey, where a store was slow: then nothing was killed.
    if (left[0] <= 0 || !outcome.equals(Ledger.SAME_BITS)) {
      torture.ledger().add(name(), store.name(), fault, outcome);
    }
  }

  /** Runs a driver line by line, and the run to its end if that was not the end. */
  private static String debug(Subject subject, StepDebugger.Listener listener) throws Exception {
    try (StepDebugger debugger = StepDebugger.listen();
        SubmittedJob job =
            subject.start(submission -> submission.jvmOption(debugger.jvmOption()))) {
      debugger.run(job, listener);
      if (job.waitFor(TrainingRuns.LIMIT) == 0) {
        return subject.outcome(job);
      }
      return subject.resume(job);
    }
  }
}
