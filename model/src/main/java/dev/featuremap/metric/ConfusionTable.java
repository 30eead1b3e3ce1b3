package dev.featuremap.metric;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A confusion matrix as text: one row per actual class, one column per predicted class; of more
 * than {@value #MOST_CLASSES} classes, the pairs that are confused most.
 */
public final class ConfusionTable {
  /** Classes that are shown as a table. */
  public static final int MOST_CLASSES = 100;

  private static final int MOST_PAIRS = 40;
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
   * the accuracy in the corner, each with four decimals. Lines end with {@code \n}. Of many
   * classes, a line for each pair, with the recall of the first and the precision of the second.
   *
   * @param names one for each class
   */
  public static String of(ConfusionMatrix matrix, List<String> names) {
    if (names.size() != matrix.classes()) {
      throw new IllegalArgumentException(
          "Cannot label a confusion matrix: expected %s class names, got %s."
              .formatted(matrix.classes(), names.size()));
    }
    ConfusionTable table = new ConfusionTable(matrix, names);
    return names.size() > MOST_CLASSES ? table.pairs() : table.text();
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

  private String pairs() {
    List<ConfusedPair> pairs = matrix.mostConfused(MOST_PAIRS);
    int label =
        pairs.stream()
            .flatMap(pair -> Stream.of(pair.actual(), pair.predicted()))
            .mapToInt(named -> names.get(named).length() + 1)
            .reduce("taken for".length() + 1, Math::max);
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "accuracy of %,d classes ", matrix.classes()));
    text.append(decimal(matrix.accuracy())).append("; those that are confused most:\n");
    text.append(pad("class", label)).append(pad("taken for", label));
    List.of("images", "recall", "precision").forEach(head -> text.append(pad(head, RATIO_WIDTH)));
    for (ConfusedPair pair : pairs) {
      text.append('\n').append(pad(names.get(pair.actual()), label));
      text.append(pad(names.get(pair.predicted()), label));
      text.append(pad(Long.toString(pair.count()), RATIO_WIDTH));
      text.append(pad(decimal(matrix.recall(pair.actual())), RATIO_WIDTH));
      text.append(pad(decimal(matrix.precision(pair.predicted())), RATIO_WIDTH));
    }
    return text.append('\n').toString();
  }

  private static String decimal(double ratio) {
    return String.format(Locale.ROOT, "%.4f", ratio);
  }

  private static String pad(String cell, int width) {
    return " ".repeat(Math.max(0, width - cell.length())) + cell;
  }
}
