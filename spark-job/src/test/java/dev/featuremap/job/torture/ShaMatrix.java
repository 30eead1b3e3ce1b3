package dev.featuremap.job.torture;

import dev.featuremap.job.testing.Jdks;
import dev.featuremap.job.testing.Signals;
import dev.featuremap.job.testing.StandaloneCluster;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** One run in every place, on every JDK, with every vector width and every fault, by pairs. */
final class ShaMatrix implements Campaign {
  private static final String LOST_EXECUTOR = "1 executor lost";
  private static final String FIRST_EPOCH = "epoch 1/";
  private static final Map<String, List<String>> NETWORKS =
      Map.of("with dropout", List.of(), "seed", List.of("--set=network=seed"));

  private final Torture torture;
  private final Path directory;
  private final Map<Integer, Path> jdks = new TreeMap<>(Jdks.others());

  /**
   * The campaign.
   *
   * @param directory for the files of clusters
   */
  ShaMatrix(Torture torture, Path directory) {
    this.torture = torture;
    this.directory = directory;
    jdks.put(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
  }

  @Override
  public String name() {
    return "matrix";
  }

  /** Trains what the ledger lacks, up to so many rows of each network. */
  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    if (!store.name().equals("file")) {
      return;
    }
    for (Map.Entry<String, List<String>> network : NETWORKS.entrySet()) {
      Torture.Runs runs = torture.runs(network.getValue());
      List<MatrixRow> rows = MatrixRow.pairwise(List.copyOf(jdks.keySet()));
      for (MatrixRow row : rows.subList(0, Math.min(faults, rows.size()))) {
        String point = point(row, network);
        if (torture.ledger().count(name(), store.name(), point) == 0) {
          train(store, runs, row, point);
        }
      }
    }
  }

  private static String point(MatrixRow row, Map.Entry<String, ?> network) {
    return "network %s: %s;".formatted(network.getKey(), row);
  }

  /**
   * The settings whose runs ended with the same bits, as Markdown: places and JDKs by kernels, and
   * where they meet, what was done to them. Both networks must have had it.
   */
  String table() {
    Map<String, Map<String, Set<String>>> cells = new TreeMap<>();
    Map<String, Integer> networks = new HashMap<>();
    for (String fault : torture.ledger().survived(name())) {
      String row = fault.substring(fault.indexOf(": ") + 2, fault.lastIndexOf(';'));
      if (networks.merge(row, 1, Integer::sum) == NETWORKS.size()) {
        String[] settings = row.split(", ", -1);
        cells
            .computeIfAbsent("%s, %s".formatted(settings[0], settings[1]), any -> new TreeMap<>())
            .computeIfAbsent(settings[2], any -> new TreeSet<>())
            .add(settings[3]);
      }
    }
    Set<String> kernels = new TreeSet<>();
    cells.values().forEach(row -> kernels.addAll(row.keySet()));
    StringBuilder table = new StringBuilder("| where | ").append(String.join(" | ", kernels));
    table.append(" |\n|---").append("|---".repeat(kernels.size())).append("|\n");
    cells.forEach(
        (where, row) -> {
          table.append("| ").append(where);
          for (String kernel : kernels) {
            table.append(" | ").append(String.join(", ", row.getOrDefault(kernel, Set.of())));
          }
          table.append(" |\n");
        });
    return table.toString();
  }

  private void train(TortureStore store, Torture.Runs runs, MatrixRow row, String point)
      throws Exception {
    Path jdk = jdks.get(row.jdk());
    String outcome;
    if (row.isCluster()) {
      int executors = Integer.parseInt(row.place().substring(0, 1));
      Path place = directory.resolve("cluster-" + System.nanoTime());
      try (StandaloneCluster cluster =
          StandaloneCluster.start(Files.createDirectories(place), jdk, executors)) {
        outcome = train(store, runs, row, Optional.of(cluster));
      }
    } else {
      outcome = train(store, runs, row, Optional.empty());
    }
    torture.ledger().add(name(), store.name(), point + " done", outcome);
  }

  private String train(
      TortureStore store, Torture.Runs runs, MatrixRow row, Optional<StandaloneCluster> cluster)
      throws Exception {
    Subject subject = torture.subject(store, runs);
    UnaryOperator<SubmittedJob.Submission> how =
        submission -> how(submission.jdk(jdks.get(row.jdk())), row, cluster);
    try (SubmittedJob job = subject.start(how)) {
      if (row.fault() == MatrixRow.Fault.NONE) {
        return outcome(subject, job, row);
      }
      job.awaitText(FIRST_EPOCH, TrainingRuns.LIMIT);
      if (row.fault() == MatrixRow.Fault.EXECUTOR_KILLED) {
        Signals.send("KILL", cluster.orElseThrow().executorPids().get(0));
        return outcome(subject, job, row);
      }
      job.kill();
    }
    try (SubmittedJob job = subject.start(how)) {
      return outcome(subject, job, row);
    }
  }

  /** What became of a run, which must have been as the row says. */
  private static String outcome(Subject subject, SubmittedJob job, MatrixRow row) throws Exception {
    String outcome = subject.outcome(job);
    if (!outcome.equals(Ledger.SAME_BITS)) {
      return outcome;
    }
    if (!subject.kernels().equals(row.kernelsReported())) {
      return "was done by " + subject.kernels();
    }
    boolean lost = subject.report().contains(LOST_EXECUTOR);
    return lost == (row.fault() == MatrixRow.Fault.EXECUTOR_KILLED)
        ? outcome
        : "executor was lost: " + lost;
  }

  private static SubmittedJob.Submission how(
      SubmittedJob.Submission submission, MatrixRow row, Optional<StandaloneCluster> cluster) {
    String kernels =
        row.kernels().equals("scalar")
            ? "-Dfeaturemap.kernels=scalar"
            : "-XX:MaxVectorSize=" + row.kernels();
    submission.jvmOption(kernels);
    return cluster
        .map(one -> one.submit(submission, kernels))
        .orElseGet(() -> submission.master(row.place()));
  }
}
