package dev.featuremap.job.models.importing;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the elements of a network, with the shapes that its layers will have. */
final class Elements {
  /** The option of a part that says why it cannot be said, where it is read in the end. */
  static final String REFUSAL = "refusal";

  final List<Element> all = new ArrayList<>();

  /**
   * A layer.
   *
   * @param tensors parameters and buffers by the names that the layer gives them
   * @throws IllegalArgumentException if there is no such layer, or if the tensors are not its own
   */
  Element layer(
      OnnxNode node,
      String type,
      Map<String, Object> options,
      Element input,
      Map<String, float[]> tensors,
      String name) {
    Map<String, Object> settings = new LinkedHashMap<>(options);
    settings.put("type", type);
    List<String> problems = new ArrayList<>();
    LayerSpec spec =
        LayerTypes.read(Options.of(ConfigFactory.parseMap(settings), type, problems), List.of())
            .filter(read -> problems.isEmpty())
            .orElseThrow(() -> new IllegalArgumentException(String.join(" ", problems)));
    List<ParameterSpec> wanted = new ArrayList<>(spec.parameters(input.shape()));
    wanted.addAll(spec.buffers(input.shape()));
    for (ParameterSpec tensor : wanted) {
      float[] values = tensors.get(tensor.name());
      if (values == null || values.length != tensor.size()) {
        throw new IllegalArgumentException(
            "its %s must be %s, got %s"
                .formatted(
                    tensor.name().isEmpty() ? "factors" : tensor.name(),
                    tensor.dimensions(),
                    values == null ? "none" : values.length + " values"));
      }
    }
    Shape shape = spec.outputShape(input.shape());
    return add(new Element(type, options, List.of(input), tensors, shape, node.title(), name));
  }

  /** A layer without tensors. */
  Element layer(OnnxNode node, String type, Map<String, Object> options, Element input) {
    return layer(node, type, options, input, Map.of(), "");
  }

  /** A join of elements of fitting shapes. */
  Element join(OnnxNode node, String type, List<Element> inputs, Shape shape) {
    return add(new Element(type, Map.of(), inputs, Map.of(), shape, node.title(), ""));
  }

  /**
   * What no layer computes by itself, but what may be a part of something that a layer does.
   *
   * @param what kind of part it is
   * @param value what is to be known of it
   */
  Element part(OnnxNode node, String what, Object value, Element input) {
    return part(node, Map.of(what, value), input);
  }

  /** A part of which more is to be known. */
  Element part(OnnxNode node, Map<String, Object> options, Element input) {
    return add(
        new Element(null, options, List.of(input), Map.of(), input.shape(), node.title(), ""));
  }

  private Element add(Element element) {
    all.add(element);
    return element;
  }
}
