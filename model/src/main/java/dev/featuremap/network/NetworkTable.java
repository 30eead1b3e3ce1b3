package dev.featuremap.network;

import dev.featuremap.tensor.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a plan as a text table: layer, type, output shape, parameters, and their total. */
public final class NetworkTable {
  private static final int MOST_NAMES = 3;

  private NetworkTable() {}

  /** The table of a plan. */
  public static String of(NetworkPlan plan) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"layer", "type", "output", "parameters"});
    rows.add(new String[] {"input", "images", plan.spec().input().shape().toString(), "0"});
    for (PlannedStep step : plan.steps()) {
      int parameters = step.layer().map(PlannedLayer::parameters).orElse(0);
      rows.add(
          new String[] {
            step.name(),
            step.layer().map(NetworkTable::describe).orElseGet(() -> describe(plan, step)),
            step.output().toString(),
            count(parameters)
          });
    }
    int[] widths = new int[4];
    for (String[] row : rows) {
      for (int column = 0; column < 4; column++) {
        widths[column] = Math.max(widths[column], row[column].length());
      }
    }
    StringBuilder table = new StringBuilder();
    rows.forEach(row -> appendRow(table, row, widths));
    table.append("%s, loss %s%n".formatted(parameters(plan), plan.spec().loss()));
    if (plan.hasBarriers()) {
      long bytesOfImage = plan.activationBytes(1) / Lanes.COUNT;
      table.append(
          String.format(
              Locale.ROOT,
              "training keeps %,d KB of each image of a mini-batch for batch normalization%n",
              (bytesOfImage + 999) / 1000));
    }
    return table.toString();
  }

  private static String describe(NetworkPlan plan, PlannedStep step) {
    List<String> names = step.reads().stream().map(plan::name).toList();
    String inputs =
        names.size() > MOST_NAMES ? names.size() + " inputs" : String.join(" and ", names);
    return "%s of %s".formatted(step.join().orElseThrow().result(), inputs);
  }

  /** How many parameters there are, and how many of them are trained where some are frozen. */
  public static String parameters(NetworkPlan plan) {
    String all = count(plan.whole().parameters()) + " parameters";
    return plan.frozen().size() == 0
        ? all
        : all + ", " + count(plan.parameters()) + " of them trained";
  }

  private static String describe(PlannedLayer layer) {
    String summary = layer.spec().summary();
    String algorithm = layer.spec().algorithm(layer.input());
    return LayerTypes.nameOf(layer.spec())
        + (summary.isEmpty() ? "" : " " + summary)
        + (algorithm.isEmpty() ? "" : ", " + algorithm)
        + (layer.frozen() ? ", frozen" : "");
  }

  private static void appendRow(StringBuilder table, String[] row, int[] widths) {
    String form =
        "%-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s  %" + widths[3] + "s%n";
    table.append(form.formatted((Object[]) row));
  }

  private static String count(int parameters) {
    return String.format(Locale.ROOT, "%,d", parameters);
  }
}
