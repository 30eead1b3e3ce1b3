package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.tensor.LabelSets;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The sets of labels of a source whose images may have none, one or several, by the numbers that
 * stand for them: sets are ordered by their classes, so that numbers do not depend on how Spark
 * splits the source.
 */
public final class LabelSetIndex implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<String, Integer> numbers; // by the text of a set
  private final LabelSets sets;

  private LabelSetIndex(Map<String, Integer> numbers, LabelSets sets) {
    this.numbers = numbers;
    this.sets = sets;
  }

  /**
   * Numbers the sets of a source.
   *
   * @param texts as {@link LabelSetText} writes them
   * @param labels those of the model
   * @param classes how many the network tells apart
   * @throws JobException with {@code BAD_DATA} if the model does not know a label
   */
  static LabelSetIndex of(Collection<String> texts, LabelIndex labels, int classes, String source) {
    Map<int[], List<String>> byClasses = new TreeMap<>(Arrays::compare);
    Map<String, int[]> found = new HashMap<>();
    for (String text : texts) {
      int[] set =
          LabelSetText.read(text).stream()
              .mapToInt(label -> classOf(label, labels, classes, source))
              .sorted()
              .distinct()
              .toArray();
      byClasses.putIfAbsent(set, List.of());
      found.put(text, set);
    }
    int[][] sets = byClasses.keySet().toArray(int[][]::new);
    Map<String, Integer> numbers = new HashMap<>();
    found.forEach(
        (text, set) -> numbers.put(text, Arrays.binarySearch(sets, set, Arrays::compare)));
    return new LabelSetIndex(numbers, new LabelSets(classes, sets));
  }

  private static int classOf(String label, LabelIndex labels, int classes, String source) {
    OptionalInt number = labels.classOf(label);
    if (number.isPresent() && number.getAsInt() < classes) {
      return number.getAsInt();
    }
    throw JobException.badData(
        labels.names().isEmpty()
            ? String.format(
                Locale.ROOT,
                "Cannot use %s: the network has %d classes, got label %s, expected 0 to %d. Give the network's last layer more outputs, or mend the data.",
                source,
                classes,
                label,
                classes - 1)
            : "Cannot use %s: the model does not know label %s.%s"
                .formatted(source, label, labels.formHint(label)));
  }

  /** The number of a record's set. */
  public int of(String text) {
    Integer number = numbers.get(text);
    if (number == null) {
      throw JobException.badData(
          "Cannot use an image with the labels %s: no other reading of the same data found them. Did the data change while they were read?"
              .formatted(text));
    }
    return number;
  }

  /** The classes of each set. */
  public LabelSets sets() {
    return sets;
  }
}
