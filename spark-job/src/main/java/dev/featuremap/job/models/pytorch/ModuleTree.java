package dev.featuremap.job.models.pytorch;

import dev.featuremap.job.failure.JobException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
  private final Map<String, String> parameters = new LinkedHashMap<>();
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
    at(path).module = source;
    requireNoneInside();
  }

  /**
   * Adds a parameter that is in no module of its own.
   *
   * @param path its name
   * @param source makes its values
   * @throws JobException with {@code USAGE} if its name goes on behind that of a module
   */
  void addParameter(String path, String source) {
    at(above(path)).parameters.put(last(path), source);
    requireNoneInside();
  }

  private ModuleTree at(String path) {
    ModuleTree node = this;
    for (String part : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
      String below = node.name.isEmpty() ? part : node.name + "." + part;
      node = node.children.computeIfAbsent(part, key -> new ModuleTree(below));
    }
    return node;
  }

  private static String above(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private void requireNoneInside() {
    for (ModuleTree child : children.values()) {
      Optional<String> inside = child.firstInside();
      if (!child.module.isEmpty() && inside.isPresent()) {
        throw JobException.usage(
            "Cannot export to PyTorch: a module must not lie in another, got %s in %s. Name one of the layers differently."
                .formatted(inside.get(), child.name));
      }
      child.requireNoneInside();
    }
  }

  private Optional<String> firstInside() {
    return Stream.concat(
            children.values().stream().map(child -> child.name),
            parameters.keySet().stream().map(parameter -> name + "." + parameter))
        .findFirst();
  }

  /** How the module of that name is found in {@code self}. */
  static String reference(String path) {
    return path.isEmpty() ? "self" : "self[\"" + path.replace(".", "\"][\"") + "\"]";
  }

  /** How the parameter of that name is found in {@code self}, whatever it is called. */
  static String parameter(String path) {
    return "%s._parameters[\"%s\"]".formatted(reference(above(path)), last(path));
  }

  /** The statements that add the parameters, a line each. */
  String parameters() {
    StringBuilder text = new StringBuilder();
    parameters.forEach(
        (parameter, source) ->
            text.append(INDENT.repeat(2))
                .append(parameter(name.isEmpty() ? parameter : name + "." + parameter))
                .append(" = nn.Parameter(%s)\n".formatted(source)));
    children.values().forEach(child -> text.append(child.parameters()));
    return text.toString();
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
    if (!module.isEmpty()) {
      return module;
    }
    return children.isEmpty()
        ? dictionary() + "({})"
        : dictionary() + "({\n" + entries(depth + 1) + INDENT.repeat(depth) + "})";
  }
}
