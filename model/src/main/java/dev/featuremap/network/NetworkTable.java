package dev.featuremap.network;

import dev.featuremap.network.NetworkPlan.PlannedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a plan as a text table: layer, type, output shape, parameters, and their total. */
final class NetworkTable {
  private NetworkTable() {}

  static String render(NetworkPlan plan) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"layer", "type", "output", "parameters"});
    rows.add(new String[] {"input", "images", plan.network().input().shape().toString(), "0"});
    for (PlannedLayer layer : plan.layers()) {
      rows.add(
          new String[] {
            layer.name(), describe(layer), layer.output().toString(), count(layer.parameters())
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
    table.append(
        "%s parameters, loss %s%n"
            .formatted(count(plan.parameters()), plan.network().loss().name()));
    return table.toString();
  }

  private static String describe(PlannedLayer layer) {
    String summary = layer.spec().summary();
    String algorithm = layer.spec().algorithm(layer.input());
    return layer.spec().type()
        + (summary.isEmpty() ? "" : " " + summary)
        + (algorithm.isEmpty() ? "" : ", " + algorithm);
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
