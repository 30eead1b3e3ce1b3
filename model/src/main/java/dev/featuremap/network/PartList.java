package dev.featuremap.network;

import dev.featuremap.network.NetworkPart.Branches;
import dev.featuremap.network.NetworkPart.Layer;
import dev.featuremap.network.NetworkPart.Named;
import dev.featuremap.spec.Options;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Reads a list of layers: single ones, what joins several activations, and {@code repeat}, whose
 * {@code layers} stand in the list as many {@code times}.
 *
 * <p>Branches from one input are joined by {@code residual}, which adds its {@code layers} and its
 * {@code shortcut}, by {@code concat} with a list of {@code branches}, and by {@code gate}, which
 * multiplies its input by what its {@code layers} make of it. {@code add}, {@code concat} and
 * {@code multiply} with {@code inputs} join activations by name. A layer reads what stands before
 * it, or the {@code input} that it names.
 *
 * <p>What has no name gets its type and its number among those of that type in its list. In a
 * repeated list, names get the number of the repetition, in place of {@code {n}} or at their end,
 * as in {@code block.0}.
 */
final class PartList {
  private static final String RESIDUAL = "residual";
  private static final String GATE = "gate";
  private static final String REPEAT = "repeat";

  /** Where in a repeated name the number goes. */
  private static final String NUMBER = "{n}";

  private static final Set<String> NO_LAYERS =
      Set.of(RESIDUAL, GATE, REPEAT, Join.ADD.type(), Join.CONCAT.type(), Join.MULTIPLY.type());

  /** Most layers of a network; a short text must not make a network that fits no memory. */
  private static final int MOST_LAYERS = 10_000;

  private final List<Draft> drafts = new ArrayList<>();
  private boolean complete = true;

  private PartList() {}

  /**
   * A part that waits for its name.
   *
   * @param name as written, if it is
   * @param layers layers in it
   */
  private record Draft(
      Optional<String> name, String type, int layers, Function<String, NetworkPart> make) {

    /** This part in a repetition, where it reads those of {@code siblings} of that repetition. */
    Draft numbered(int number, Set<String> siblings) {
      UnaryOperator<String> read =
          text -> siblings.contains(text) ? PartList.numbered(text, number) : text;
      return new Draft(
          name.map(text -> PartList.numbered(text, number)),
          type,
          layers,
          make.andThen(p -> p.reading(read)));
    }
  }

  private static String numbered(String name, int number) {
    return name.contains(NUMBER)
        ? name.replace(NUMBER, String.valueOf(number))
        : name + "." + number;
  }

  /** Reads {@code layers}; empty if anything in it has a problem. */
  static Optional<List<NetworkPart>> read(Options options) {
    PartList list = new PartList();
    list.add(options, "layers", "layer ");
    if (list.complete && list.drafts.isEmpty()) {
      options.problem("Cannot build a network: layers must list at least one layer.");
      return Optional.empty();
    }
    List<NetworkPart> parts = list.named();
    boolean usable = namesAreUsable(options, "", parts, new HashSet<>());
    return list.complete && usable ? Optional.of(parts) : Optional.empty();
  }

  /**
   * Adds the sections under a key.
   *
   * @param place how messages name a section, up to its number
   */
  private void add(Options options, String key, String place) {
    add(options, options.sections(key, index -> place + (index + 1)));
  }

  private void add(Options options, List<Options> sections) {
    for (Options section : sections) {
      Optional<String> name = section.optionalText("name").filter(text -> !text.isEmpty());
      String type =
          section.value("type").map(value -> String.valueOf(value.unwrapped())).orElse("");
      switch (type) {
        case RESIDUAL -> addResidual(section, name);
        case GATE -> addGate(section, name);
        case REPEAT -> addRepeated(section, name);
        case "add" -> addNamed(section, name, Join.ADD);
        case "multiply" -> addNamed(section, name, Join.MULTIPLY);
        case "concat" -> addConcat(section, name);
        default -> addLayer(section, name, type);
      }
    }
    if (layers() > MOST_LAYERS) {
      options.problem(
          "Cannot build a network: expected at most %s layers, got more.".formatted(MOST_LAYERS));
      drafts.clear();
      complete = false;
    }
  }

  private int layers() {
    return drafts.stream().mapToInt(Draft::layers).sum();
  }

  private void addLayer(Options section, Optional<String> name, String type) {
    Optional<String> input = section.optionalText("input");
    LayerTypes.read(section, NO_LAYERS)
        .ifPresentOrElse(
            spec -> drafts.add(new Draft(name, type, 1, given -> new Layer(given, spec, input))),
            () -> complete = false);
  }

  private void addResidual(Options section, Optional<String> name) {
    PartList inner = new PartList();
    inner.addInside(section, RESIDUAL);
    int layers = inner.drafts.size();
    inner.add(section, "shortcut", section.where() + ".shortcut.");
    addBranches(section, name, RESIDUAL, Join.ADD, inner, List.of(0, layers));
  }

  private void addGate(Options section, Optional<String> name) {
    PartList inner = new PartList();
    inner.addInside(section, GATE);
    addBranches(section, name, GATE, Join.MULTIPLY, inner, List.of(0, 0));
  }

  /** Adds the layers of a section, which must have some. */
  private void addInside(Options section, String type) {
    add(section, "layers", section.where() + ".");
    if (drafts.isEmpty() && complete) {
      section.problem(
          "Cannot read %s: the layers of a %s must list at least one layer."
              .formatted(section.where(), type));
      complete = false;
    }
  }

  private void addConcat(Options section, Optional<String> name) {
    if (section.has("inputs")) {
      addNamed(section, name, Join.CONCAT);
      return;
    }
    PartList inner = new PartList();
    List<Integer> starts = new ArrayList<>();
    String place = section.where() + ".branches.";
    for (List<Options> branch :
        section.lists("branches", (list, index) -> place + (list + 1) + "." + (index + 1))) {
      starts.add(inner.drafts.size());
      inner.add(section, branch);
    }
    if (starts.size() < 2 && inner.complete) {
      section.problem(
          "Cannot read %s: a concat needs at least two branches = [ [ … ], [ … ] ], or inputs = [ … ]."
              .formatted(section.where()));
      inner.complete = false;
    }
    addBranches(section, name, Join.CONCAT.type(), Join.CONCAT, inner, starts);
  }

  /**
   * Adds branches whose layers stand in one list.
   *
   * @param starts where each branch starts in it
   */
  private void addBranches(
      Options section,
      Optional<String> name,
      String type,
      Join join,
      PartList inner,
      List<Integer> starts) {
    Optional<String> input = section.optionalText("input");
    section.rejectUnknown();
    complete &= inner.complete;
    if (inner.complete) {
      List<NetworkPart> parts = inner.named();
      List<List<NetworkPart>> branches = new ArrayList<>();
      for (int k = 0; k < starts.size(); k++) {
        int end = k + 1 < starts.size() ? starts.get(k + 1) : parts.size();
        branches.add(parts.subList(starts.get(k), end));
      }
      drafts.add(
          new Draft(
              name, type, inner.layers() + 1, given -> new Branches(given, join, branches, input)));
    }
  }

  private void addNamed(Options section, Optional<String> name, Join join) {
    List<String> inputs = section.texts("inputs");
    section.rejectUnknown();
    boolean fits = join.takesMany() ? inputs.size() >= 2 : inputs.size() == 2;
    if (fits) {
      drafts.add(new Draft(name, join.type(), 1, given -> new Named(given, join, inputs)));
    } else {
      section.problem(
          "Cannot read %s: expected inputs = [ … ] with the names of %s layers, got %s."
              .formatted(
                  section.where(), join.takesMany() ? "at least two" : "two", inputs.size()));
      complete = false;
    }
  }

  private void addRepeated(Options section, Optional<String> name) {
    PartList inner = new PartList();
    inner.add(section, "layers", section.where() + ".");
    int times = section.integer("times", 1, 1, MOST_LAYERS);
    int first = section.integer("first", 0, 0, MOST_LAYERS);
    section.rejectUnknown();
    if (name.isPresent()) {
      section.problem(
          "Cannot name %s %s: a repeat has no name. Name the layers in it."
              .formatted(section.where(), name.get()));
    }
    complete &= inner.complete && name.isEmpty();
    if ((long) inner.layers() * times > MOST_LAYERS) {
      section.problem(
          "Cannot repeat %s %s times: expected at most %s layers."
              .formatted(section.where(), times, MOST_LAYERS));
      complete = false;
      return;
    }
    Set<String> siblings =
        inner.drafts.stream().flatMap(draft -> draft.name().stream()).collect(Collectors.toSet());
    for (int k = 0; k < times; k++) {
      for (Draft draft : inner.drafts) {
        drafts.add(draft.numbered(first + k, siblings));
      }
    }
  }

  /** All parts by name, {@code max_pool2} for the second unnamed one of type {@code max-pool}. */
  private List<NetworkPart> named() {
    List<NetworkPart> parts = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (Draft draft : drafts) {
      types.add(draft.type());
      long number = types.stream().filter(draft.type()::equals).count();
      String ordinal = draft.type().replace('-', '_') + number;
      parts.add(draft.make().apply(draft.name().orElse(ordinal)));
    }
    return parts;
  }

  /** Checks names, with those of the residuals around them. */
  private static boolean namesAreUsable(
      Options options, String prefix, List<NetworkPart> parts, Set<String> seen) {
    boolean usable = true;
    for (NetworkPart part : parts) {
      String name = prefix + part.name();
      if (!part.name().matches("[A-Za-z0-9_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*")) {
        options.problem(
            "Cannot name a layer %s: expected letters, digits, underscores or hyphens, in parts joined by dots.%s"
                .formatted(
                    part.name(),
                    part.name().contains(NUMBER)
                        ? " %s stands for a number in a repeat.".formatted(NUMBER)
                        : ""));
        usable = false;
      }
      if (!seen.add(name)) {
        options.problem("Cannot name two layers %s: names must differ.".formatted(name));
        usable = false;
      }
      if (part instanceof Branches inner) {
        for (List<NetworkPart> branch : inner.branches()) {
          usable &= namesAreUsable(options, name + ".", branch, seen);
        }
      }
    }
    return usable;
  }
}
