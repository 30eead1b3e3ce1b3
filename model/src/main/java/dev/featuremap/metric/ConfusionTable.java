package dev.featuremap.metric;

import java.util.List;
import java.util.Locale;

/** A confusion matrix as text: one row per actual class, one column per predicted class. */
public final class ConfusionTable {
  private static final int RATIO_WIDTH = 10;

  private final ConfusionMatrix matrix;
  private final List<String> names;
  private final int width;

  private ConfusionTable(ConfusionMatrix matrix, List<String> names) {
    this.matrix = matrix;
    this.names = names;
    int widest = Math.max("0.0000".length(), Long.toString(matrix.images()).length());
    this.width = names.stream().mapToInt(String::length).reduce(widest, Math::max) + 1;
  }

  /**
   * The table, with the recall of each class behind its row, the precision under its column, and
   * the accuracy in the corner, each with four decimals. Lines end with {@code \n}.
   *
   * @param names one for each class
   */
  public static String of(ConfusionMatrix matrix, List<String> names) {
    if (names.size() != matrix.classes()) {
      throw new IllegalArgumentException(
          "Cannot label a confusion matrix: expected %s class names, got %s."
              .formatted(matrix.classes(), names.size()));
    }
    return new ConfusionTable(matrix, names).text();
  }

  private String text() {
    int first = Math.max(width, "precision".length());
    StringBuilder text = new StringBuilder(pad("", first));
    names.forEach(name -> text.append(pad(name, width)));
    text.append(pad("recall", RATIO_WIDTH)).append('\n');
    for (int actual = 0; actual < matrix.classes(); actual++) {
      text.append(pad(names.get(actual), first));
      for (int predicted = 0; predicted < matrix.classes(); predicted++) {
        text.append(pad(Long.toString(matrix.count(actual, predicted)), width));
      }
      text.append(pad(decimal(matrix.recall(actual)), RATIO_WIDTH)).append('\n');
    }
    text.append(pad("precision", first));
    for (int label = 0; label < matrix.classes(); label++) {
      text.append(pad(decimal(matrix.precision(label)), width));
    }
    return text.append(pad(decimal(matrix.accuracy()), RATIO_WIDTH)).append('\n').toString();
  }

  private static String decimal(double ratio) {
    return String.format(Locale.ROOT, "%.4f", ratio);
  }

  private static String pad(String cell, int width) {
    return " ".repeat(Math.max(0, width - cell.length())) + cell;
  }
}
