package dev.featuremap.format;

import dev.featuremap.format.TensorMatch.Rest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a network starts from.
 *
 * @param values parameters, then buffers
 * @param words what they were taken from, in some lines for people
 */
public record TakenValues(float[] values, List<String> words) {
  private static final int MOST_NAMES = 4;

  /** Copies the lines. */
  public TakenValues {
    words = List.copyOf(words);
  }

  /**
   * The same, described.
   *
   * @param kept names of the tensors that keep their initial values
   */
  static TakenValues of(float[] values, TensorMatch match, List<String> kept) {
    List<String> words = new ArrayList<>(List.of(taken(match) + initial(kept)));
    match.scheme().ifPresent(scheme -> words.add("of the file, " + scheme.words()));
    String passed = passed(match);
    if (!passed.isEmpty()) {
      words.add("of the file, it does not use " + passed);
    }
    return new TakenValues(values, words);
  }

  private static String taken(TensorMatch match) {
    Collection<SafetensorsEntry> found = match.found().values();
    String line =
        "takes %s with %s values"
            .formatted(
                counted(found.size(), "tensor"),
                number(found.stream().mapToLong(SafetensorsEntry::size).sum()));
    TreeSet<String> types =
        found.stream().map(SafetensorsEntry::dtype).collect(Collectors.toCollection(TreeSet::new));
    types.remove(FloatType.F32.name());
    if (!types.isEmpty()) {
      line += " (%s made F32)".formatted(String.join(" and ", types));
    }
    if (!match.prefix().isEmpty()) {
      line += ", whose names there begin with " + match.prefix();
    }
    long renamed =
        match.found().entrySet().stream()
            .filter(named -> !match.within(named.getValue().name()).equals(named.getKey()))
            .count();
    return renamed == 0 ? line : line + ", %s of them renamed".formatted(number(renamed));
  }

  private static String initial(List<String> kept) {
    return kept.isEmpty()
        ? ""
        : "; %s at initial values: %s".formatted(stay(kept.size()), some(kept));
  }

  private static String stay(int tensors) {
    return counted(tensors, "tensor") + (tensors == 1 ? " stays" : " stay");
  }

  private static String passed(TensorMatch match) {
    List<String> parts = new ArrayList<>();
    int counters = match.rest().get(Rest.COUNTER).size();
    if (counters > 0) {
      parts.add(counted(counters, "counter") + " of batches");
    }
    add(match, Rest.EXCEPTED, "tensor", " that train.init-except names", parts);
    add(match, Rest.OPTIMIZER, "tensor", " of an optimizer", parts);
    add(match, Rest.NUMBER, "tensor", " of integers or one number", parts);
    return String.join(", ", parts);
  }

  private static void add(
      TensorMatch match, Rest kind, String what, String whose, List<String> parts) {
    List<String> names = match.rest().get(kind).stream().map(SafetensorsEntry::name).toList();
    if (!names.isEmpty()) {
      parts.add("%s%s (%s)".formatted(counted(names.size(), what), whose, some(names)));
    }
  }

  private static String counted(int count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** The first few names. */
  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
        + (names.size() > MOST_NAMES ? ", …" : "");
  }
}
