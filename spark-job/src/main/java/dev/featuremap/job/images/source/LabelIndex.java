package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which class a label is.
 *
 * <p>Labels that are whole numbers, all of them, keep their numbers and have no names. Others are
 * numbered from 0 in the order of their code points, unless their source brings an order of names.
 */
public final class LabelIndex implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final List<String> names;
  private final Map<String, Integer> classes;

  private LabelIndex(List<String> names) {
    this.names = names;
    this.classes = new HashMap<>();
    names.forEach(name -> classes.put(name, classes.size()));
  }

  /** Labels that are whole numbers. */
  public static LabelIndex numbers() {
    return new LabelIndex(List.of());
  }

  /**
   * Labels with these names, numbered in this order; numbers if there are none.
   *
   * @param source what the names are of, for messages
   * @throws JobException with {@code BAD_DATA} if one comes twice: labels of both would be of one
   *     class
   */
  public static LabelIndex named(List<String> names, String source) {
    Map<String, Integer> places = new HashMap<>();
    for (int place = 0; place < names.size(); place++) {
      Integer before = places.putIfAbsent(names.get(place), place);
      if (before != null) {
        throw JobException.badData(
            "Cannot use the class names of %s: each must come once, got \"%s\" for class %s and class %s, counted from 0. Give them names of their own there."
                .formatted(source, names.get(place), before, place));
      }
    }
    return new LabelIndex(List.copyOf(names));
  }

  /** The index of all labels that were found. */
  public static LabelIndex of(Collection<String> found) {
    if (found.stream().allMatch(label -> NUMBER.matcher(label).matches())) {
      return numbers();
    }
    TreeSet<String> sorted = new TreeSet<>(Comparator.comparing(LabelIndex::utf32));
    sorted.addAll(found);
    return new LabelIndex(new ArrayList<>(sorted));
  }

  /** Code points as fixed-width text, whose order is theirs. */
  private static String utf32(String text) {
    StringBuilder points = new StringBuilder();
    text.codePoints().forEach(point -> points.append(String.format(Locale.ROOT, "%06x", point)));
    return points.toString();
  }

  /** The class of {@code label}; empty when it is no label of this index. */
  public OptionalInt classOf(String label) {
    if (names.isEmpty()) {
      return NUMBER.matcher(label).matches()
          ? OptionalInt.of(Integer.parseInt(label))
          : OptionalInt.empty();
    }
    Integer index = classes.get(label);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** The names in the order of classes; empty when labels are numbers. */
  public List<String> names() {
    return names;
  }
}
