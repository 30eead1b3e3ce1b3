package dev.featuremap.metric;

import java.util.List;
import java.util.Locale;

/** How well each class is told where images may have several labels, as text, a row a class. */
public final class LabelTable {
  private static final int WIDTH = 11;

  private LabelTable() {}

  /**
   * The table, ratios with four decimals. Lines end with {@code \n}.
   *
   * @param names one for each class
   */
  public static String of(List<ClassMetrics> classes, List<String> names) {
    int first = names.stream().mapToInt(String::length).reduce("class".length(), Math::max);
    StringBuilder text = new StringBuilder(pad("class", first));
    List.of("images", "predicted", "precision", "recall", "F1", "AUC", "AP")
        .forEach(head -> text.append(pad(head, WIDTH)));
    for (int c = 0; c < classes.size(); c++) {
      ClassMetrics one = classes.get(c);
      text.append('\n').append(pad(names.get(c), first));
      text.append(pad(Long.toString(one.images()), WIDTH));
      text.append(pad(Long.toString(one.predicted()), WIDTH));
      for (double ratio :
          new double[] {
            one.precision(), one.recall(), one.f1(), one.auc(), one.averagePrecision()
          }) {
        text.append(pad(String.format(Locale.ROOT, "%.4f", ratio), WIDTH));
      }
    }
    return text.append('\n').toString();
  }

  private static String pad(String cell, int width) {
    return " ".repeat(Math.max(0, width - cell.length())) + cell;
  }
}
