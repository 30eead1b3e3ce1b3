package dev.featuremap.job.models.pytorch;

import dev.featuremap.job.failure.JobException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Modules by the dots in their names, as nested dictionaries of modules, so that the state has the
 * names that the tensors have here. These are {@code nn.ModuleDict}, and {@code Modules}, a class
 * of the source's own, where that would refuse a name.
 */
final class ModuleTree {
  private static final String INDENT = "    ";
  private static final String USUAL = "nn.ModuleDict";
  private static final String OWN = "Modules";

  private final String name;
  private final Map<String, ModuleTree> children = new LinkedHashMap<>();
  private String module = "";

  /** A tree without modules. */
  ModuleTree() {
    this("");
  }

  private ModuleTree(String name) {
    this.name = name;
  }

  /**
   * Adds a module.
   *
   * @param path its name
   * @param source makes it
   * @throws JobException with {@code USAGE} if its name goes on behind that of another
   */
  void add(String path, String source) {
    ModuleTree node = this;
    for (String part : path.split("\\.", -1)) {
      String below = node.name.isEmpty() ? part : node.name + "." + part;
      node = node.children.computeIfAbsent(part, key -> new ModuleTree(below));
    }
    node.module = source;
    requireNoneInside();
  }

  private void requireNoneInside() {
    for (ModuleTree child : children.values()) {
      if (!child.module.isEmpty() && !child.children.isEmpty()) {
        throw JobException.usage(
            "Cannot export to PyTorch: a module must not lie in another, got %s in %s. Name one of the layers differently."
                .formatted(child.children.values().iterator().next().name, child.name));
      }
      child.requireNoneInside();
    }
  }

  /** How the module of that name is found in {@code self}. */
  static String reference(String path) {
    return "self[\"" + path.replace(".", "\"][\"") + "\"]";
  }

  /** The entries of a dictionary, a line each. */
  String entries(int depth) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, ModuleTree> entry : children.entrySet()) {
      text.append(INDENT.repeat(depth)).append('"').append(entry.getKey()).append("\": ");
      text.append(entry.getValue().source(depth)).append(",\n");
    }
    return text.toString();
  }

  /** The class that holds the modules of this level. */
  String dictionary() {
    return children.keySet().stream().anyMatch(ReservedNames::contains) ? OWN : USUAL;
  }

  /** True if any level needs {@code Modules}. */
  boolean hasReservedNames() {
    return dictionary().equals(OWN)
        || children.values().stream().anyMatch(ModuleTree::hasReservedNames);
  }

  private String source(int depth) {
    return children.isEmpty()
        ? module
        : dictionary() + "({\n" + entries(depth + 1) + INDENT.repeat(depth) + "})";
  }
}
