package dev.featuremap.job.models.importing;

import java.util.List;
import java.util.regex.Pattern;

/** Names of layers from those of the tensors and nodes that they come from. */
final class Names {
  private static final Pattern PARAMETER = Pattern.compile("(.+)[./](weight|bias)");

  /** What frameworks put behind the name of a layer to name its weights. */
  private static final Pattern SUFFIX =
      Pattern.compile(
          "([._/](weights?|kernel|w|s|scale|gamma|offset|BiasAdd|ReadVariableOp|Conv2D|MatMul|fused_bn"
              + "|[0-9]))*(:0)?$");

  private static final Pattern SCALE =
      Pattern.compile("(.*[./_])?(layer_?scale(_?[0-9]+)?|(ls[0-9]*[./])?gamma(_?[0-9]+)?)");

  private Names() {}

  /**
   * The name that a layer with weights would like to have: that of its weights in PyTorch without
   * {@code .weight}, else that of the node.
   *
   * @param weights which input has them
   */
  static String of(OnnxNode node, int weights) {
    String tensor = node.input(weights);
    var parameter = PARAMETER.matcher(tensor);
    if (parameter.matches()) {
      return usable(parameter.group(1));
    }
    String scope = scope(node.proto().getName());
    return scope.isEmpty() ? usable(SUFFIX.matcher(tensor).replaceFirst("")) : usable(scope);
  }

  /** The name that a layer scale has in PyTorch, whose parameter is no module; else none. */
  static String ofScale(String tensor) {
    return SCALE.matcher(tensor).matches() ? usable(tensor) : "";
  }

  /** The module of a node that PyTorch named, as {@code /layer1/layer1.0/conv1/Conv}. */
  private static String scope(String node) {
    if (!node.startsWith("/")) {
      return "";
    }
    List<String> parts = List.of(node.substring(1).split("/"));
    String scope = "";
    String last = "";
    for (String part : parts.subList(0, parts.size() - 1)) {
      boolean continues = !last.isEmpty() && part.startsWith(last + ".");
      String head = continues ? scope.substring(0, scope.length() - last.length()) : scope;
      scope = head.isEmpty() || head.endsWith(".") ? head + part : head + "." + part;
      last = part;
    }
    return scope;
  }

  /** A name that network files take: other characters become dots and underscores. */
  static String usable(String name) {
    String cleaned = name.replace('/', '.').replace(':', '.').replaceAll("[^A-Za-z0-9_.-]", "_");
    return cleaned
        .replaceAll("\\.-", "._")
        .replaceAll("\\.{2,}", ".")
        .replaceAll("^[.-]+|\\.+$", "");
  }
}
