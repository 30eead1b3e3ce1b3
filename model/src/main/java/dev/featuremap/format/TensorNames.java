package dev.featuremap.format;

import dev.featuremap.spec.NamePattern;
import java.util.List;
import java.util.Map;

/**
 * What a user says of the names in a file.
 *
 * @param except what is neither looked for in the file nor taken from it: names of tensors, or of
 *     layers and what is within
 * @param renamed names of the network by those of the file, of tensors, or of layers and what is
 *     within
 * @param aliases names of the network's tensors by those of the file, for what nobody has renamed
 */
public record TensorNames(
    List<NamePattern> except, Map<String, String> renamed, Map<String, String> aliases) {
  /** Everything is taken, under its own name. */
  public static final TensorNames PLAIN = new TensorNames(List.of(), Map.of());

  /** Copies the collections. */
  public TensorNames {
    except = List.copyOf(except);
    renamed = Map.copyOf(renamed);
    aliases = Map.copyOf(aliases);
  }

  /** What a user says, of a file under the network's names. */
  public TensorNames(List<NamePattern> except, Map<String, String> renamed) {
    this(except, renamed, Map.of());
  }

  TensorNames withAliases(Map<String, String> others) {
    return new TensorNames(except, renamed, others);
  }

  boolean isExcepted(String name) {
    return except.stream().anyMatch(pattern -> pattern.matches(name));
  }

  /** The network's name for one of the file; of several that fit, the longest decides. */
  String ofNetwork(String name) {
    String longest = "";
    for (String from : renamed.keySet()) {
      if (from.length() > longest.length() && isWithin(name, from)) {
        longest = from;
      }
    }
    return longest.isEmpty()
        ? aliases.getOrDefault(name, name)
        : renamed.get(longest) + name.substring(longest.length());
  }

  /** True for a name itself, and for one of something within. */
  static boolean isWithin(String name, String outer) {
    return name.startsWith(outer)
        && (name.length() == outer.length() || name.charAt(outer.length()) == '.');
  }
}
