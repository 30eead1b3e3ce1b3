package dev.featuremap.format;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.spec.NamePattern;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads parameters and buffers of a network from a safetensors file that need not say which network
 * it is of: a model of a run, or the state of a PyTorch module with the names of an export. What
 * wraps such a module may stand before all names; counters of batches, state of an optimizer, and
 * integers are passed over.
 *
 * @param plan the network
 * @param names what else is said of the names in the file; tensors that are excepted keep their
 *     initial values
 * @param seed decides the initial values
 */
public record StateDictionary(NetworkPlan plan, TensorNames names, long seed) {
  private static final String EXCEPT = "train.init-except";
  private static final String RENAMED = "train.init-names";
  private static final int MOST_NAMES = 20;

  /** Reads the whole network. */
  public static StateDictionary of(NetworkPlan plan) {
    return new StateDictionary(plan, TensorNames.PLAIN, 0);
  }

  /**
   * Outputs of the head that a file has for a network: rows of the last weights; those of the
   * network where the file has no such tensor.
   *
   * @param length of the file, in bytes
   * @param source how messages name the file
   * @throws FormatException if it is no safetensors file
   */
  public static long classes(InputStream in, long length, String source, NetworkPlan plan)
      throws IOException {
    String head =
        plan.tensors().stream()
            .filter(tensor -> tensor.spec().dimensions().size() > 1)
            .filter(tensor -> tensor.spec().dimensions().get(0) == plan.classes())
            .map(PlannedTensor::name)
            .reduce("", (first, last) -> last);
    List<SafetensorsEntry> entries = SafetensorsReader.open(in, length, source).entries();
    Optional<SafetensorsEntry> found =
        entries.stream()
            .filter(entry -> entry.name().equals(head) || entry.name().endsWith("." + head))
            .findFirst();
    if (found.isEmpty()) {
      Set<String> all = namesOf(plan.modelTensors());
      TensorMatch match = NamingScheme.match(entries, all, all, TensorNames.PLAIN, source);
      found = Optional.ofNullable(match.found().get(head));
    }
    return found
        .filter(entry -> !entry.shape().isEmpty())
        .map(entry -> entry.shape().get(0))
        .orElse((long) plan.classes());
  }

  /**
   * Reads a file.
   *
   * @param length of the file, in bytes
   * @param source how messages name the file
   * @throws FormatException if the file is damaged; or naming every tensor that is missing, has
   *     another shape (sizes of 1 at its end apart), or is not of the network
   * @throws SpecException if something is said of names that are not there
   */
  public TakenValues read(InputStream in, long length, String source) throws IOException {
    SafetensorsReader file = SafetensorsReader.open(in, length, source);
    List<PlannedTensor> wanted = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (PlannedTensor tensor : plan.modelTensors()) {
      if (names.isExcepted(tensor.name())) {
        kept.add(tensor.name());
      } else {
        wanted.add(tensor);
      }
    }
    TensorMatch match =
        NamingScheme.match(
            file.entries(), namesOf(plan.modelTensors()), namesOf(wanted), names, source);
    if (match.scheme().isEmpty() && !file.metadata().containsKey(ModelFile.NETWORK)) {
      match = match.underOwn(namesOf(plan.modelTensors()));
    }
    requireUse(file, match, kept, source);
    StateDifferences.of(plan, wanted, match, names).requireNone(source);
    float[] values =
        kept.isEmpty() ? new float[plan.parameters() + plan.buffers()] : plan.initialState(seed, 0);
    Map<String, TensorSlice> places = new HashMap<>();
    for (TensorSlice slice : new StateFiles(plan, plan.stateLayout(0), 0).model(values)) {
      if (match.found().containsKey(slice.name())) {
        places.put(match.found().get(slice.name()).name(), slice);
      }
    }
    file.readInto(places);
    return TakenValues.of(values, match, kept);
  }

  /** The names of tensors, in their order. */
  static Set<String> namesOf(List<PlannedTensor> tensors) {
    Set<String> names = new LinkedHashSet<>();
    tensors.forEach(tensor -> names.add(tensor.name()));
    return names;
  }

  /** Rejects names that no tensor has, and exceptions that leave nothing to take. */
  private void requireUse(
      SafetensorsReader file, TensorMatch match, List<String> kept, String source) {
    List<String> problems = new ArrayList<>();
    List<String> there = file.entries().stream().map(entry -> match.within(entry.name())).toList();
    List<String> excepted = new ArrayList<>(kept);
    for (SafetensorsEntry entry : match.rest().get(TensorMatch.Rest.EXCEPTED)) {
      String within = match.within(entry.name());
      excepted.addAll(List.of(entry.name(), within, match.names().ofNetwork(within)));
    }
    for (NamePattern pattern : names.except()) {
      if (excepted.stream().noneMatch(pattern::matches)) {
        problems.add(
            "Cannot use %s: no tensor is named %s, neither in the network nor in %s. The network has %s."
                .formatted(EXCEPT, pattern, source, layers(namesOf(plan.modelTensors()))));
      }
    }
    for (String from : new TreeSet<>(names.renamed().keySet())) {
      if (there.stream().noneMatch(name -> TensorNames.isWithin(name, from))) {
        problems.add(
            "Cannot use %s: no tensor of %s is named %s. It has %s."
                .formatted(RENAMED, source, from, layers(there)));
      }
    }
    if (problems.isEmpty() && kept.size() == plan.modelTensors().size()) {
      problems.add(
          "Cannot use %s: it names every tensor of the network. Leave it and train.init-from out, to start anew."
              .formatted(EXCEPT));
    }
    if (!problems.isEmpty()) {
      throw new SpecException(problems);
    }
  }

  /** The layers of tensors, not too many of them. */
  private static String layers(Collection<String> tensors) {
    Set<String> layers = new LinkedHashSet<>();
    tensors.forEach(tensor -> layers.add(StateDifferences.layer(tensor)));
    return layers.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (layers.size() > MOST_NAMES ? " and %s more".formatted(layers.size() - MOST_NAMES) : "");
  }
}
