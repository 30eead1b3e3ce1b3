package dev.featuremap.format;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.spec.NamePattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What keeps a network from starting from the tensors of a file, and what a user can do. */
final class StateDifferences {
  private static final int MOST_LINES = 10;
  private static final int MOST_PATTERNS = 6;

  private final NetworkPlan plan;
  private final List<PlannedTensor> wanted;
  private final TensorMatch match;
  private final TensorNames names;

  /** Names of the network without a tensor that can be read. */
  private final List<PlannedTensor> unread = new ArrayList<>();

  private final List<String> lines = new ArrayList<>();

  private StateDifferences(
      NetworkPlan plan, List<PlannedTensor> wanted, TensorMatch match, TensorNames names) {
    this.plan = plan;
    this.wanted = wanted;
    this.match = match;
    this.names = names;
  }

  /**
   * Compares.
   *
   * @param wanted the tensors of the network that the file must have
   * @param names what the user says already
   */
  static StateDifferences of(
      NetworkPlan plan, List<PlannedTensor> wanted, TensorMatch match, TensorNames names) {
    StateDifferences differences = new StateDifferences(plan, wanted, match, names);
    wanted.forEach(differences::compare);
    for (SafetensorsEntry entry : differences.unknown()) {
      differences.lines.add("%s %s is not of the network".formatted(entry.name(), entry.shape()));
    }
    return differences;
  }

  private List<SafetensorsEntry> unknown() {
    return match.rest().get(TensorMatch.Rest.UNKNOWN);
  }

  private void compare(PlannedTensor tensor) {
    List<Long> shape = shape(tensor);
    SafetensorsEntry found = match.found().get(tensor.name());
    if (found == null) {
      lines.add("%s %s is missing".formatted(tensor.name(), shape));
    } else if (!isSame(found.shape(), shape)) {
      lines.add("%s must be %s, got %s".formatted(tensor.name(), shape, found.shape()));
    } else if (found.floats().isEmpty()) {
      lines.add("%s must be %s, got %s".formatted(tensor.name(), FloatType.names(), found.dtype()));
    } else {
      return;
    }
    unread.add(tensor);
  }

  private boolean isSame(List<Long> found, List<Long> shape) {
    return withoutOnes(found).equals(withoutOnes(shape))
        || (match.scheme().isPresent() && isWindow(found, shape));
  }

  /** A convolution over all pixels in place of a fully connected layer, with equal values. */
  private static boolean isWindow(List<Long> found, List<Long> shape) {
    return shape.size() == 2
        && found.size() == 4
        && found.get(0).equals(shape.get(0))
        && found.stream().skip(1).reduce(1L, (a, b) -> a * b).equals(shape.get(1));
  }

  /** Without sizes of 1 at the end: PyTorch also writes 1×1 convolutions as linear layers. */
  private static List<Long> withoutOnes(List<Long> shape) {
    int length = shape.size();
    while (length > 0 && shape.get(length - 1) == 1) {
      length--;
    }
    return shape.subList(0, length);
  }

  private static List<Long> shape(PlannedTensor tensor) {
    return tensor.spec().dimensions().stream().map(Long::valueOf).toList();
  }

  /**
   * Rejects differences.
   *
   * @param source the file, for messages
   */
  void requireNone(String source) throws FormatException {
    if (lines.isEmpty()) {
      return;
    }
    Optional<Long> outputs = otherOutputs();
    if (outputs.isPresent()) {
      throw new FormatException(
          "Cannot start from %s: its %s %s outputs, the network %s. Set train.init-except = %s to start this layer anew."
              .formatted(
                  source,
                  unread.stream().map(PlannedTensor::name).collect(Collectors.joining(" and "))
                      + (unread.size() == 1 ? " has" : " have"),
                  outputs.get(),
                  plan.classes(),
                  setting(patterns())));
    }
    throw new FormatException(
        "Cannot start from %s: its tensors must be those of the network, got %s differences:"
            .formatted(source, lines.size()),
        shown(),
        wayOut());
  }

  /** The outputs of the file's head, if nothing but their number is different. */
  private Optional<Long> otherOutputs() {
    PlannedLayer head =
        plan.layers().stream()
            .filter(layer -> layer.parameters() > 0)
            .reduce((first, second) -> second)
            .orElseThrow();
    Set<Long> outputs = new LinkedHashSet<>();
    for (PlannedTensor tensor : unread) {
      SafetensorsEntry found = match.found().get(tensor.name());
      if (!layer(tensor.name()).equals(head.name()) || found == null || !isLonger(tensor, found)) {
        return Optional.empty();
      }
      outputs.add(found.shape().get(0));
    }
    return outputs.size() == 1 && unknown().isEmpty()
        ? Optional.of(outputs.iterator().next())
        : Optional.empty();
  }

  /** True if the first axis alone is of another length. */
  private static boolean isLonger(PlannedTensor tensor, SafetensorsEntry found) {
    List<Long> shape = shape(tensor);
    int rank = shape.size();
    return found.shape().size() == rank
        && found.floats().isPresent()
        && !found.shape().get(0).equals(shape.get(0))
        && found.shape().subList(1, rank).equals(shape.subList(1, rank));
  }

  /** Where most tensors are right, the setting that leaves out the others. */
  private String wayOut() {
    Set<String> patterns = patterns();
    return unread.size() <= wanted.size() / 2 && patterns.size() <= MOST_PATTERNS
        ? "Give a file of this network, or set train.init-except = %s: what it names starts anew, or is not taken from the file."
            .formatted(setting(patterns))
        : "Give a file of this network, or the network of the file.";
  }

  /** Patterns of everything that differs, as few as say it. */
  private Set<String> patterns() {
    Set<String> patterns = new LinkedHashSet<>();
    unread.forEach(tensor -> patterns.add(layer(tensor.name()) + ".*"));
    unknown().forEach(entry -> patterns.add(pattern(match.within(entry.name()))));
    return patterns;
  }

  /** The outermost part of a name in which the network has nothing. */
  private String pattern(String name) {
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      String outer = name.substring(0, dot + 1);
      if (plan.tensors().stream().noneMatch(tensor -> tensor.name().startsWith(outer))) {
        return outer + "*";
      }
    }
    return name;
  }

  private String setting(Set<String> patterns) {
    return Stream.concat(names.except().stream().map(NamePattern::toString), patterns.stream())
        .map(SafetensorsHeader::quote)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The layer of a tensor; a name without dots itself. */
  static String layer(String tensor) {
    int dot = tensor.lastIndexOf('.');
    return dot < 0 ? tensor : tensor.substring(0, dot);
  }

  private List<String> shown() {
    List<String> shown = new ArrayList<>(lines.subList(0, Math.min(MOST_LINES, lines.size())));
    if (lines.size() > MOST_LINES) {
      shown.add("and %s more".formatted(lines.size() - MOST_LINES));
    }
    return shown;
  }
}
