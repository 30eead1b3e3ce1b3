package dev.featuremap.job.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A file with a line for each fault: campaign, store, fault, what became of the run. */
final class Ledger {
  /** What became of a run whose results are those of an undisturbed one. */
  static final String SAME_BITS = "same bits";

  private static final String HEAD = "campaign\tstore\tfault\toutcome";

  private final Path file;
  private final List<Line> lines = new ArrayList<>();

  private record Line(String campaign, String store, String fault, String outcome) {
    @Override
    public String toString() {
      return String.join("\t", campaign, store, fault, outcome);
    }
  }

  private Ledger(Path file) {
    this.file = file;
  }

  /** Opens a ledger, which is made when it does not exist. */
  static Ledger open(Path file) throws IOException {
    Ledger ledger = new Ledger(file);
    if (!Files.exists(file)) {
      Files.writeString(file, HEAD + "\n");
    }
    List<String> text = Files.readAllLines(file);
    if (!text.get(0).equals(HEAD)) {
      throw new IllegalArgumentException(
          "Cannot go on with %s: its first line must be '%s', got '%s'."
              .formatted(file, HEAD, text.get(0)));
    }
    for (String line : text.subList(1, text.size())) {
      String[] parts = line.split("\t", -1);
      ledger.lines.add(new Line(parts[0], parts[1], parts[2], parts[3]));
    }
    return ledger;
  }

  /** How many faults of a campaign there are on a store. */
  int count(String campaign, String store) {
    return (int)
        lines.stream()
            .filter(line -> line.campaign.equals(campaign) && line.store.equals(store))
            .count();
  }

  /** How often a campaign has done this to runs on a store, wherever in time. */
  int count(String campaign, String store, String point) {
    return (int) done(campaign, point).filter(line -> line.store.equals(store)).count();
  }

  /** How often a campaign has done this to runs. */
  int countOnAnyStore(String campaign, String point) {
    return (int) done(campaign, point).count();
  }

  private Stream<Line> done(String campaign, String point) {
    return lines.stream()
        .filter(line -> line.campaign.equals(campaign))
        .filter(line -> line.fault.startsWith(point + " "));
  }

  /**
   * What a campaign has to do to runs on a store until the ledger has enough: all points in order,
   * again and again, those left out of which there are more than of others.
   *
   * @param faults how many the ledger shall have of the campaign on the store
   */
  List<String> missing(String campaign, String store, Collection<String> points, int faults) {
    List<String> missing = new ArrayList<>();
    int there = count(campaign, store);
    for (int times = 1; there + missing.size() < faults; times++) {
      for (String point : points) {
        boolean rare = count(campaign, store, point) < times;
        if (rare && there + missing.size() < faults) {
          missing.add(point);
        }
      }
    }
    return missing;
  }

  /** What a campaign has done to runs that survived it. */
  List<String> survived(String campaign) {
    return lines.stream()
        .filter(line -> line.campaign.equals(campaign) && line.outcome.equals(SAME_BITS))
        .map(Line::fault)
        .toList();
  }

  /** Adds a line, and shows it. */
  void add(String campaign, String store, String fault, String outcome) throws IOException {
    Line line = new Line(campaign, store, fault, outcome);
    lines.add(line);
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    System.out.println(line);
  }

  /** True if every run has survived. */
  boolean isClean() {
    return lines.stream().allMatch(line -> line.outcome.equals(SAME_BITS));
  }

  /** The faults of each campaign on each store, and how many runs did not survive them. */
  String summary() {
    StringBuilder table = new StringBuilder("| campaign | store | faults | not the same bits |\n");
    table.append("|---|---|---|---|\n");
    lines.stream()
        .map(line -> List.of(line.campaign, line.store))
        .distinct()
        .sorted((a, b) -> String.join(" ", a).compareTo(String.join(" ", b)))
        .forEach(key -> table.append(row(key.get(0), key.get(1))));
    return table.toString();
  }

  private String row(String campaign, String store) {
    long bad =
        lines.stream()
            .filter(line -> line.campaign.equals(campaign) && line.store.equals(store))
            .filter(line -> !line.outcome.equals(SAME_BITS))
            .count();
    return String.format(
        Locale.ROOT, "| %s | %s | %d | %d |%n", campaign, store, count(campaign, store), bad);
  }
}
