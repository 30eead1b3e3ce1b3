package dev.featuremap.network;

import dev.featuremap.network.NetworkPart.Layer;
import dev.featuremap.network.NetworkPart.Residual;
import dev.featuremap.spec.Options;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a list of layers: single ones, {@code residual} with {@code layers} and a {@code shortcut},
 * and {@code repeat}, whose {@code layers} stand in the list as many {@code times}.
 *
 * <p>What has no name gets its type and its number among those of that type in its list. In a
 * repeated list, names get the number of the repetition, as in {@code block.0}.
 */
final class PartList {
  private static final String REPEAT = "repeat";

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

    Draft numbered(int number) {
      return new Draft(name.map(text -> text + "." + number), type, layers, make);
    }
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
    for (Options section : options.sections(key, index -> place + (index + 1))) {
      Optional<String> name = section.optionalText("name").filter(text -> !text.isEmpty());
      String type =
          section.value("type").map(value -> String.valueOf(value.unwrapped())).orElse("");
      switch (type) {
        case Residual.TYPE -> addResidual(section, name);
        case REPEAT -> addRepeated(section, name);
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
    LayerTypes.read(section, List.of(Residual.TYPE, REPEAT))
        .ifPresentOrElse(
            spec -> drafts.add(new Draft(name, type, 1, given -> new Layer(given, spec))),
            () -> complete = false);
  }

  private void addResidual(Options section, Optional<String> name) {
    PartList inner = new PartList();
    inner.add(section, "layers", section.where() + ".");
    int layers = inner.drafts.size();
    if (layers == 0 && inner.complete) {
      section.problem(
          "Cannot read %s: the layers of a residual must list at least one layer."
              .formatted(section.where()));
      inner.complete = false;
    }
    inner.add(section, "shortcut", section.where() + ".shortcut.");
    section.rejectUnknown();
    complete &= inner.complete;
    if (inner.complete) {
      List<NetworkPart> parts = inner.named();
      int end = parts.size();
      drafts.add(
          new Draft(
              name,
              Residual.TYPE,
              inner.layers(),
              given -> new Residual(given, parts.subList(0, layers), parts.subList(layers, end))));
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
    for (int k = 0; k < times; k++) {
      for (Draft draft : inner.drafts) {
        drafts.add(draft.numbered(first + k));
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
      if (!part.name().matches("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)*")) {
        options.problem(
            "Cannot name a layer %s: expected a letter, then letters, digits or underscores, in parts joined by dots."
                .formatted(part.name()));
        usable = false;
      }
      if (!seen.add(name)) {
        options.problem("Cannot name two layers %s: names must differ.".formatted(name));
        usable = false;
      }
      if (part instanceof Residual residual) {
        usable &= namesAreUsable(options, name + ".", residual.layers(), seen);
        usable &= namesAreUsable(options, name + ".", residual.shortcut(), seen);
      }
    }
    return usable;
  }
}
