package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import java.io.Serializable;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  /** Sets of labels: the driver and each task hold them all, some 100 bytes each. */
  public static final int MOST_SETS = 1 << 20;

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final List<String> names;
  private final List<String> shown;
  private final Map<String, Integer> classes;
  private final List<String> sets;

  private LabelIndex(List<String> names, List<String> shown) {
    this(names, shown, null);
  }

  private LabelIndex(List<String> names, List<String> shown, List<String> sets) {
    this.names = names;
    this.shown = shown;
    this.sets = sets;
    this.classes = new HashMap<>();
    names.forEach(name -> classes.put(name, classes.size()));
  }

  /** Labels that are whole numbers. */
  public static LabelIndex numbers() {
    return new LabelIndex(List.of(), List.of());
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
    List<String> copy = List.copyOf(names);
    return new LabelIndex(copy, copy);
  }

  /** The index of all labels that were found. */
  public static LabelIndex of(Collection<String> found) {
    if (found.stream().allMatch(label -> NUMBER.matcher(label).matches())) {
      List<String> numbers = new ArrayList<>(new TreeSet<>(found));
      numbers.sort(Comparator.comparingInt(Integer::parseInt));
      return new LabelIndex(List.of(), numbers);
    }
    TreeSet<String> sorted = new TreeSet<>(Comparator.comparing(LabelIndex::utf32));
    sorted.addAll(found);
    List<String> copy = List.copyOf(sorted);
    return new LabelIndex(copy, copy);
  }

  /**
   * The index of all labels of images that may have several.
   *
   * @param found the distinct sets, as {@link LabelSetText} writes them
   * @throws JobException with {@code BAD_DATA} if there are more than {@value #MOST_SETS}
   */
  public static LabelIndex ofSets(Collection<String> found, String source) {
    if (found.size() > MOST_SETS) {
      throw JobException.badData(
          String.format(
              Locale.ROOT,
              "Cannot use the labels of %s: at most %,d different sets of labels can be told apart, got %,d. Leave out labels that are rare.",
              source,
              MOST_SETS,
              found.size()));
    }
    TreeSet<String> labels = new TreeSet<>();
    found.forEach(set -> labels.addAll(LabelSetText.read(set)));
    LabelIndex each = of(labels);
    return new LabelIndex(each.names, each.shown, List.copyOf(new TreeSet<>(found)));
  }

  /** Whether an image may have several labels, or none. */
  public boolean hasSeveral() {
    return sets != null;
  }

  /**
   * The sets of labels that were found, where images may have several.
   *
   * @param model the labels of the model, which need not be these
   * @param classes how many the network tells apart
   */
  public LabelSetIndex setsOf(LabelIndex model, int classes, String source) {
    return LabelSetIndex.of(sets, model, classes, source);
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

  /** The labels that were found, for people, names or numbers; empty where nobody has looked. */
  public List<String> shown() {
    return shown;
  }

  /**
   * The label of this index that is the same text as another one, in another Unicode normal form:
   * {@code é} is one character in NFC and two in NFD.
   */
  public Optional<String> inAnotherForm(String label) {
    String form = Normalizer.normalize(label, Normalizer.Form.NFC);
    return names.stream()
        .filter(name -> !name.equals(label))
        .filter(name -> Normalizer.normalize(name, Normalizer.Form.NFC).equals(form))
        .findFirst();
  }

  /** What a message adds about a label that is only {@link #inAnotherForm}; else nothing. */
  public String formHint(String label) {
    return inAnotherForm(label)
        .map(
            name ->
                " It knows %s, which differs in Unicode normal form alone: the data have %s, the model %s. Rename one."
                    .formatted(name, form(label), form(name)))
        .orElse("");
  }

  private static String form(String text) {
    if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      return "NFC";
    }
    return Normalizer.isNormalized(text, Normalizer.Form.NFD) ? "NFD" : "neither NFC nor NFD";
  }

  /** The names in the order of classes; empty when labels are numbers. */
  public List<String> names() {
    return names;
  }
}
