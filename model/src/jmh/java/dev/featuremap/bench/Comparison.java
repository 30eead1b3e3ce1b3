package dev.featuremap.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares Featuremap with its peers: every trainer lives in a process of its own, and for each
 * network and mini-batch they take turns, slice by slice, until each has {@link #TURNS} slices.
 *
 * <p>Arguments: folder of the compiled sides, class path that all share, comma-separated lists of
 * threads, networks, batch sizes and sides, {@code clock} or {@code cpu}, and optionally a file for
 * JSON lines. With {@code cpu}, seconds are those of each process's CPU time, which other users of
 * the machine disturb less; that says nothing about more than one thread.
 */
public final class Comparison {
  private static final int TURNS = 7;
  private static final double SLICE_SECONDS = 0.5;
  private static final double WARM_UP_SECONDS = 3;

  private final Path bench;
  private final String shared;
  private final boolean byCpu;
  private final Path json;
  private final List<Contestant> peers;
  private final List<ComparisonRow> rows = new ArrayList<>();
  private int refusals;

  private Comparison(Path bench, String shared, List<String> sides, boolean byCpu, Path json) {
    this.bench = bench;
    this.shared = shared;
    this.byCpu = byCpu;
    this.json = json;
    this.peers = Contestant.PEERS.stream().filter(peer -> sides.contains(peer.side())).toList();
  }

  /** Runs and prints. */
  public static void main(String[] args) throws IOException {
    List<String> sides = Arrays.asList(args[5].split(","));
    Path json = args.length > 7 ? Path.of(args[7]) : null;
    Comparison comparison =
        new Comparison(Path.of(args[0]), args[1], sides, args[6].equals("cpu"), json);
    System.out.printf(
        "Java %s, training images/s by %s, medians of %d slices%n",
        Runtime.version(), args[6], TURNS);
    System.out.println(
        "net threads batch featuremap         peer                         images/s          ratio");
    for (String threads : args[2].split(",")) {
      comparison.compare(
          Integer.parseInt(threads),
          args[3].split(","),
          Arrays.stream(args[4].split(",")).mapToInt(Integer::parseInt).toArray());
    }
    comparison.printBest();
    if (comparison.refusals > 0) {
      throw new IllegalStateException(
          "Cannot complete the comparison: %d comparisons were refused, see above."
              .formatted(comparison.refusals));
    }
  }

  private void compare(int threads, String[] networks, int[] batches) throws IOException {
    if (byCpu && threads != 1) {
      throw new IllegalArgumentException(
          "Cannot compare by CPU time: it needs 1 thread, got %d.".formatted(threads));
    }
    List<TrainerProcess> processes = new ArrayList<>();
    try {
      processes.add(TrainerProcess.start(Contestant.FEATUREMAP, threads, bench, shared));
      for (Contestant peer : peers) {
        processes.add(TrainerProcess.start(peer, threads, bench, shared));
      }
      for (String network : networks) {
        for (int batch : batches) {
          compareCell(processes, network, threads, batch);
        }
      }
    } finally {
      for (TrainerProcess process : processes) {
        process.close();
      }
    }
  }

  private void compareCell(List<TrainerProcess> all, String network, int threads, int batch)
      throws IOException {
    TrainerProcess ours = all.get(0);
    PeerCheck expected = PeerCheck.of(ours, network, batch);
    ours.prepareToRun(network, batch);
    ours.run(WARM_UP_SECONDS, byCpu);
    Map<TrainerProcess, Rates> rates = new LinkedHashMap<>();
    rates.put(ours, new Rates());
    for (TrainerProcess peer : all.subList(1, all.size())) {
      if (isReady(peer, expected, network, batch)) {
        rates.put(peer, new Rates());
      }
    }
    for (int turn = 0; turn < TURNS; turn++) {
      for (Map.Entry<TrainerProcess, Rates> entry : rates.entrySet()) {
        entry.getValue().add(entry.getKey().run(SLICE_SECONDS, byCpu));
      }
    }
    Rates oursRates = rates.remove(ours);
    for (Map.Entry<TrainerProcess, Rates> entry : rates.entrySet()) {
      String name = entry.getKey().contestant().name();
      report(ComparisonRow.of(network, threads, batch, oursRates, name, entry.getValue()));
    }
  }

  /** Whether a peer computes the same, warmed up; says why not. */
  private boolean isReady(TrainerProcess peer, PeerCheck expected, String network, int batch) {
    try {
      peer.prepareToCheck(network, batch, 0);
      System.out.printf(
          "%-3s batch %d: %s: %s%n",
          network, batch, peer.contestant().name(), expected.requireSame(peer));
      peer.prepareToRun(network, batch);
      peer.run(WARM_UP_SECONDS, byCpu);
      return true;
    } catch (IOException e) {
      refusals++;
      System.out.printf(
          "%-3s batch %d: %s is left out. %s%n",
          network, batch, peer.contestant().name(), e.getMessage());
      return false;
    }
  }

  private void report(ComparisonRow row) throws IOException {
    rows.add(row);
    System.out.println(row.text());
    if (json != null) {
      Files.writeString(
          json, row.json() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  /** Each side at its best mini-batch, by network and threads. */
  private void printBest() {
    System.out.println();
    System.out.println("each at its best batch");
    System.out.println("net threads featuremap (batch)  best peer (batch)                  ratio");
    Map<String, List<ComparisonRow>> groups = new LinkedHashMap<>();
    for (ComparisonRow row : rows) {
      groups.computeIfAbsent(row.network() + row.threads(), key -> new ArrayList<>()).add(row);
    }
    for (List<ComparisonRow> group : groups.values()) {
      ComparisonRow ours =
          group.stream().max(Comparator.comparingDouble(ComparisonRow::ours)).orElseThrow();
      ComparisonRow peer =
          group.stream().max(Comparator.comparingDouble(ComparisonRow::peer)).orElseThrow();
      System.out.printf(
          Locale.ROOT,
          "%-3s %7d %,10.0f (%3d)  %-22s %,8.0f (%3d)  %6.2f%n",
          ours.network(),
          ours.threads(),
          ours.ours(),
          ours.batch(),
          peer.peerName(),
          peer.peer(),
          peer.batch(),
          ours.ours() / peer.peer());
    }
  }
}
