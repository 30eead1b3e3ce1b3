package dev.featuremap.train;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.spec.NamePattern;
import dev.featuremap.spec.NamedNumbers;
import dev.featuremap.spec.Options;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What training does differently with some layers and tensors of a network, by patterns of their
 * names ({@link NamePattern}).
 *
 * @param freeze layers that are left alone; with {@code !} before it, a pattern of layers that are
 *     not
 * @param rates factors of the learning rate by pattern of tensors; of several patterns that match a
 *     tensor, the one that spells out most holds
 * @param noDecay tensors that weight decay does not apply to, besides those it never does
 */
public record TensorRules(
    List<String> freeze, NavigableMap<String, Double> rates, List<String> noDecay) {
  private static final String NOT = "!";
  private static final int MOST_NAMES = 12;

  /** Copies the patterns. */
  public TensorRules {
    freeze = List.copyOf(freeze);
    rates = new TreeMap<>(rates);
    noDecay = List.copyOf(noDecay);
  }

  /** The same training for all. */
  public static TensorRules none() {
    return new TensorRules(List.of(), new TreeMap<>(), List.of());
  }

  /** Reads {@code freeze}, {@code rates} and {@code no-decay}. */
  static TensorRules read(Options train) {
    List<String> freeze = train.texts("freeze");
    NavigableMap<String, Double> rates =
        NamedNumbers.read(
            train,
            "rates",
            "above 0 (layers that shall stay as they are belong into %s)"
                .formatted(train.path("freeze")),
            factor -> factor > 0);
    return new TensorRules(freeze, rates, train.texts("no-decay"));
  }

  /** The plan of training a network by these rules. */
  public NetworkPlan over(NetworkPlan whole) {
    return freeze.isEmpty() ? whole : whole.freeze(this::freezes);
  }

  private boolean freezes(String layer) {
    return matches(freeze.stream().filter(pattern -> !pattern.startsWith(NOT)), layer)
        && !matches(
            freeze.stream().filter(pattern -> pattern.startsWith(NOT)).map(TensorRules::bare),
            layer);
  }

  private static String bare(String pattern) {
    return pattern.startsWith(NOT) ? pattern.substring(NOT.length()) : pattern;
  }

  private static boolean matches(Stream<String> patterns, String name) {
    return patterns.anyMatch(pattern -> NamePattern.of(pattern).matches(name));
  }

  /** The states of training by these rules, of {@code slots} optimizer values a parameter. */
  StateLayout layout(NetworkPlan plan, int slots) {
    List<StateLayout.Range> decayed = new ArrayList<>();
    List<StateLayout.Rate> factors = new ArrayList<>();
    for (PlannedTensor tensor : plan.tensors()) {
      StateLayout.Range range =
          new StateLayout.Range(tensor.at(), tensor.at() + tensor.spec().size());
      if (tensor.spec().decays() && !matches(noDecay.stream(), tensor.name())) {
        decayed.add(range);
      }
      double factor = special(tensor.name()).findFirst().map(rates::get).orElse(1.0);
      if (factor != 1) {
        factors.add(new StateLayout.Rate(range, factor));
      }
    }
    return new StateLayout(
        plan.parameters(), slots, plan.buffers(), decayed, factors, plan.matrices());
  }

  /** The patterns of rates that match a tensor, those that spell out most first. */
  private Stream<String> special(String tensor) {
    return rates.keySet().stream()
        .filter(pattern -> NamePattern.of(pattern).matches(tensor))
        .sorted(Comparator.comparingInt(TensorRules::spelledOut).reversed());
  }

  private static int spelledOut(String pattern) {
    return NamePattern.of(pattern).spelledOut();
  }

  /**
   * What is wrong with these rules for a network.
   *
   * @param section how messages name the section that they stand in
   */
  public List<String> problems(NetworkPlan whole, String section) {
    List<String> problems = new ArrayList<>();
    List<String> layers = whole.layers().stream().map(PlannedLayer::name).toList();
    List<String> tensors = whole.tensors().stream().map(PlannedTensor::name).toList();
    for (String pattern : freeze) {
      unmatched(section + ".freeze", "layer", bare(pattern), layers).ifPresent(problems::add);
    }
    for (String pattern : rates.keySet()) {
      unmatched(section + ".rates", "tensor", pattern, tensors).ifPresent(problems::add);
    }
    for (String pattern : noDecay) {
      unmatched(section + ".no-decay", "tensor", pattern, tensors).ifPresent(problems::add);
    }
    tensors.stream()
        .flatMap(tensor -> undecided(section + ".rates", tensor).stream())
        .findFirst()
        .ifPresent(problems::add);
    if (problems.isEmpty() && over(whole).parameters() == 0) {
      problems.add(nothingLeft(whole, section));
    }
    return problems;
  }

  private static Optional<String> unmatched(
      String key, String kind, String pattern, List<String> names) {
    return names.stream().anyMatch(NamePattern.of(pattern)::matches)
        ? Optional.empty()
        : Optional.of(
            "Cannot use %s: no %s is called \"%s\". The network has %s%s."
                .formatted(
                    key,
                    kind,
                    pattern,
                    String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size()))),
                    names.size() > MOST_NAMES
                        ? " and %s more".formatted(names.size() - MOST_NAMES)
                        : ""));
  }

  /** Two patterns that say different things of a tensor with equal right. */
  private Optional<String> undecided(String key, String tensor) {
    List<String> first = special(tensor).limit(2).toList();
    return first.size() == 2
            && spelledOut(first.get(0)) == spelledOut(first.get(1))
            && !rates.get(first.get(0)).equals(rates.get(first.get(1)))
        ? Optional.of(
            "Cannot use %s: \"%s\" and \"%s\" both match %s, spell out equally many characters, and give %s and %s. Name %s itself too."
                .formatted(
                    key,
                    first.get(0),
                    first.get(1),
                    tensor,
                    rates.get(first.get(0)),
                    rates.get(first.get(1)),
                    tensor))
        : Optional.empty();
  }

  private static String nothingLeft(NetworkPlan whole, String section) {
    List<PlannedLayer> layers =
        whole.layers().stream().filter(layer -> layer.parameters() > 0).toList();
    return layers.isEmpty()
        ? "Cannot train the network: no layer has parameters."
        : "Cannot use %s.freeze: it names every layer that has parameters, so nothing would be trained. Leave out what is to be trained, or add \"!%s\"."
            .formatted(section, layers.get(layers.size() - 1).name());
  }
}
