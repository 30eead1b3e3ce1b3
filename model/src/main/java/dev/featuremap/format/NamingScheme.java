package dev.featuremap.format;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that another project gives the tensors of a family of networks. {@link TimmNames} has
 * some.
 *
 * @param family the project's networks, for messages
 * @param rules the first that fits a name decides; the first of all fits every network of the
 *     family
 * @param remark what else a user must know, in one sentence; may be empty
 * @param foreign true if the project computes otherwise than the networks of these names, so that
 *     its weights are refused
 */
record NamingScheme(String family, List<NamingRule> rules, String remark, boolean foreign) {
  private static final Pattern BLOCK =
      Pattern.compile("(?:^|\\.)(blocks\\.(\\d{1,3})\\.(\\d{1,3}))\\.");

  /**
   * Parses rules.
   *
   * @param rules one a line
   */
  static NamingScheme of(String family, String remark, String rules) {
    return new NamingScheme(family, rules.lines().map(NamingRule::of).toList(), remark, false);
  }

  /** The same, of weights that are refused. */
  NamingScheme refused() {
    return new NamingScheme(family, rules, remark, true);
  }

  /**
   * Finds the tensors of a network under its own names or, where some of these are missing, under
   * names that are known. A few that agree by chance, such as {@code bn1}, do not count.
   *
   * @param all the network's names
   * @param wanted those of them that are looked for
   * @throws FormatException as {@link TensorMatch#of} does; or if the names are those of a network
   *     that computes otherwise
   */
  static TensorMatch match(
      List<SafetensorsEntry> entries,
      Set<String> all,
      Set<String> wanted,
      TensorNames names,
      String source)
      throws FormatException {
    TensorMatch best = TensorMatch.of(entries, wanted, names, source);
    if (best.found().size() == wanted.size()) {
      return best;
    }
    for (NamingScheme scheme : TimmNames.SCHEMES) {
      if (scheme.fits(all)) {
        TensorNames renamed = names.withAliases(scheme.aliases(all, blocks(entries)));
        TensorMatch match = TensorMatch.of(entries, wanted, renamed, source);
        int found = match.found().size();
        if (found > best.found().size() && 2 * found >= wanted.size()) {
          best = match.under(scheme);
        }
      }
    }
    Optional<NamingScheme> foreign = best.scheme().filter(NamingScheme::foreign);
    if (foreign.isPresent()) {
      throw new FormatException(
          "Cannot start from %s: %s".formatted(source, foreign.get().words()));
    }
    return best;
  }

  /** True for the names of a network of the family. */
  boolean fits(Set<String> all) {
    return all.stream().anyMatch(rules.get(0)::fits);
  }

  /** What a user must know of the file. */
  String words() {
    return "its names are those of %s%s".formatted(family, remark.isEmpty() ? "" : ". " + remark);
  }

  /**
   * The network's names by the other ones, of tensors that have others.
   *
   * @param all the network's names
   * @param blocks names of the file's blocks, in order
   */
  Map<String, String> aliases(Collection<String> all, List<String> blocks) {
    Map<String, String> aliases = new HashMap<>();
    for (String name : all) {
      rules.stream()
          .flatMap(rule -> rule.apply(name, blocks).stream())
          .findFirst()
          .ifPresent(other -> aliases.put(other, name));
    }
    return aliases;
  }

  /** The blocks of a file, {@code blocks.stage.number}, in the order of their numbers. */
  private static List<String> blocks(List<SafetensorsEntry> entries) {
    Map<Integer, String> blocks = new TreeMap<>();
    for (SafetensorsEntry entry : entries) {
      Matcher block = BLOCK.matcher(entry.name());
      if (block.find()) {
        blocks.put(
            1000 * Integer.parseInt(block.group(2)) + Integer.parseInt(block.group(3)),
            block.group(1));
      }
    }
    return List.copyOf(blocks.values());
  }
}
