package dev.featuremap.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which tensors of a file are those of a network. A file may have them all under one prefix, as in
 * {@code module.conv1.weight}, and other things beside them.
 *
 * @param prefix what the file's names have before the network's; mostly nothing
 * @param found the file's tensors by the network's names
 * @param rest the other tensors of the file, in its order
 * @param names what was said of the file's names
 * @param scheme whose names the file has, where they are not the network's
 */
record TensorMatch(
    String prefix,
    Map<String, SafetensorsEntry> found,
    Map<TensorMatch.Rest, List<SafetensorsEntry>> rest,
    TensorNames names,
    Optional<NamingScheme> scheme) {

  /** Why a tensor of a file is not one of the network. */
  enum Rest {
    /** How many batches PyTorch has normalized, which influences no result. */
    COUNTER,
    /** Somebody does not want it. */
    EXCEPTED,
    /** It is of an optimizer or a schedule. */
    OPTIMIZER,
    /** Integers, or a single number. */
    NUMBER,
    /** None of these. */
    UNKNOWN
  }

  private static final String COUNTER_NAME = "num_batches_tracked";

  /** What wraps a module in PyTorch. */
  private static final Pattern WRAPPER =
      Pattern.compile("((module|model|state_dict|_orig_mod)\\.)+");

  private static final Pattern OPTIMIZER_NAME =
      Pattern.compile(
          "(.*\\.)?(optimizers?|optim|lr_schedulers?|schedulers?|(grad_|amp_)?scaler"
              + "|exp_avg|exp_avg_sq|max_exp_avg_sq|exp_inf|momentum_buffer|square_avg|grad_avg"
              + "|acc_delta|optimizer_.*)(\\..*)?",
          Pattern.DOTALL);

  private static final Set<String> INTEGERS =
      Set.of("BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64");

  /** Deeper prefixes are not looked for, however many dots a name has. */
  private static final int MOST_PARTS = 8;

  /**
   * Finds the tensors of a network.
   *
   * @param wanted the network's names
   * @param names what a user says of the file's names, with or without its prefix
   * @param source the file, for messages
   * @throws FormatException if they are there under several prefixes, and none is more usual; or if
   *     two tensors have the name of one
   */
  static TensorMatch of(
      List<SafetensorsEntry> entries, Set<String> wanted, TensorNames names, String source)
      throws FormatException {
    String prefix = prefix(entries, wanted, names, source);
    Map<String, SafetensorsEntry> found = new LinkedHashMap<>();
    Map<Rest, List<SafetensorsEntry>> rest = new EnumMap<>(Rest.class);
    for (Rest kind : Rest.values()) {
      rest.put(kind, new ArrayList<>());
    }
    for (SafetensorsEntry entry : entries) {
      String within = within(prefix, entry.name());
      String name = names.ofNetwork(within);
      if (Stream.of(entry.name(), within, name).anyMatch(names::isExcepted)) {
        rest.get(Rest.EXCEPTED).add(entry);
      } else if (entry.name().startsWith(prefix) && wanted.contains(name)) {
        SafetensorsEntry other = found.put(name, entry);
        if (other != null) {
          throw new FormatException(
              "Cannot read %s: %s and %s are both %s of the network. Change train.init-names, or name one of them in train.init-except."
                  .formatted(source, other.name(), entry.name(), name));
        }
      } else {
        rest.get(kind(entry)).add(entry);
      }
    }
    return new TensorMatch(prefix, found, rest, names, Optional.empty());
  }

  /** The same, of a file whose names are known. */
  TensorMatch under(NamingScheme known) {
    return new TensorMatch(prefix, found, rest, names, Optional.of(known));
  }

  /** The same, of a file under the network's names, which may be those of another project. */
  TensorMatch underOwn(Set<String> all) {
    return TimmNames.OWN.fits(all) ? under(TimmNames.OWN) : this;
  }

  /** The name of one of the file's tensors without the prefix, if it has it. */
  String within(String name) {
    return within(prefix, name);
  }

  private static String within(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  private static Rest kind(SafetensorsEntry entry) {
    String name = entry.name();
    if (name.equals(COUNTER_NAME) || name.endsWith("." + COUNTER_NAME)) {
      return Rest.COUNTER;
    }
    if (OPTIMIZER_NAME.matcher(name).matches()) {
      return Rest.OPTIMIZER;
    }
    return entry.shape().isEmpty() || INTEGERS.contains(entry.dtype()) ? Rest.NUMBER : Rest.UNKNOWN;
  }

  /** The prefix under which most names of the network are; of equals the most usual. */
  private static String prefix(
      List<SafetensorsEntry> entries, Set<String> wanted, TensorNames names, String source)
      throws FormatException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (SafetensorsEntry entry : entries) {
      if (!names.isExcepted(entry.name())) {
        count(entry.name(), wanted, names, counts);
      }
    }
    List<String> prefixes = new ArrayList<>(counts.keySet());
    prefixes.sort(
        Comparator.comparing((String prefix) -> -counts.get(prefix))
            .thenComparing(TensorMatch::strangeness)
            .thenComparing(String::length)
            .thenComparing(Comparator.naturalOrder()));
    List<String> whole =
        prefixes.stream().filter(prefix -> counts.get(prefix) == wanted.size()).toList();
    if (whole.size() > 1 && strangeness(whole.get(0)) == 2) {
      throw new FormatException(
          "Cannot read %s: it has the tensors of the network more than once, under %s. Name what is not wanted in train.init-except, as in [\"%s*\"]."
              .formatted(source, String.join(" and ", whole), whole.get(whole.size() - 1)));
    }
    return prefixes.isEmpty() ? "" : prefixes.get(0);
  }

  private static void count(
      String name, Set<String> wanted, TensorNames names, Map<String, Integer> counts) {
    int start = 0;
    for (int parts = 0; parts <= MOST_PARTS; parts++) {
      if (wanted.contains(names.ofNetwork(name.substring(start)))) {
        counts.merge(name.substring(0, start), 1, Integer::sum);
      }
      start = name.indexOf('.', start) + 1;
      if (start == 0) {
        return;
      }
    }
  }

  private static int strangeness(String prefix) {
    return prefix.isEmpty() ? 0 : WRAPPER.matcher(prefix).matches() ? 1 : 2;
  }
}
