package dev.featuremap.job.watch.console;

import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a run's time went, as aligned lines: seconds of the run, their shares, seconds of a mean
 * epoch, and what was expected of one.
 */
final class TimeTable {
  private static final int NARROWEST = 8;

  private static final List<String> HEAD =
      Stream.of(Stream.of("start", "load"), EpochTimes.PARTS.stream(), Stream.of("sum"))
          .flatMap(names -> names)
          .toList();

  private final List<String> lines = new ArrayList<>();

  private TimeTable() {}

  /** The table of a result, without a line's end after the last line. */
  static String of(RunResult result) {
    TimeTable table = new TimeTable();
    table.row("seconds", HEAD);
    RunTimes run = result.times();
    double[] parts = withSum(run.start(), run.load(), run.epochs());
    table.row("run", cells(parts, decimals(run.seconds()), ""));
    double[] shares = DoubleStream.of(parts).map(part -> 100 * part / run.seconds()).toArray();
    table.row("share", cells(shares, 0, " %"));
    EpochTimes epoch = run.epochs().times(1.0 / result.epochs());
    table.row("an epoch", cells(withSum(epoch), decimals(epoch.seconds()), ""));
    if (result.estimate().seconds() > 0) {
      table.row("estimated", cells(withSum(result.estimate()), decimals(epoch.seconds()), ""));
    }
    return String.join(System.lineSeparator(), table.lines);
  }

  private void row(String name, List<String> cells) {
    lines.add(
        IntStream.range(0, cells.size())
            .mapToObj(column -> rightAligned(cells.get(column), HEAD.get(column)))
            .collect(Collectors.joining("", String.format(Locale.ROOT, "%-9s", name), "")));
  }

  private static String rightAligned(String text, String head) {
    int width = Math.max(NARROWEST, head.length() + 2);
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }

  private static double[] withSum(EpochTimes epoch) {
    return withSum(Double.NaN, Double.NaN, epoch);
  }

  private static double[] withSum(double start, double load, EpochTimes epochs) {
    double[] parts =
        DoubleStream.concat(
                DoubleStream.of(start, load), epochs.values().stream().mapToDouble(part -> part))
            .toArray();
    double sum = DoubleStream.of(parts).filter(Double::isFinite).sum();
    return DoubleStream.concat(DoubleStream.of(parts), DoubleStream.of(sum)).toArray();
  }

  private static List<String> cells(double[] values, int decimals, String unit) {
    return DoubleStream.of(values).mapToObj(value -> cell(value, decimals) + unit).toList();
  }

  private static String cell(double value, int decimals) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : "-";
  }

  /** As many as leave three digits that count. */
  private static int decimals(double seconds) {
    return seconds < 1 ? 3 : seconds < 10 ? 2 : seconds < 1000 ? 1 : 0;
  }
}
