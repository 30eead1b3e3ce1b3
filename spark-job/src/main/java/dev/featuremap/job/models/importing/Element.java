package dev.featuremap.job.models.importing;

import dev.featuremap.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer or a join of the network to be written. One that nothing reads in the end is left out.
 *
 * @param type as network files have it; null if no layer computes it, which matters only if it is
 *     read in the end
 * @param options of the layer, in the order in which they are written
 * @param inputs what it reads
 * @param tensors its parameters and buffers, by the names that the layer gives them
 * @param shape of what it makes
 * @param source the node that it comes from, for messages
 * @param name what it would like to be called; empty for no wish
 */
record Element(
    String type,
    Map<String, Object> options,
    List<Element> inputs,
    Map<String, float[]> tensors,
    Shape shape,
    String source,
    String name) {
  /** What stands for the images. */
  static final String IMAGES = "images";

  Element {
    options = new LinkedHashMap<>(options);
    inputs = List.copyOf(inputs);
  }

  static Element images(Shape shape) {
    return new Element(IMAGES, Map.of(), List.of(), Map.of(), shape, "the input", "");
  }

  boolean is(String other) {
    return other.equals(type);
  }

  Element input() {
    return inputs.get(0);
  }

  /** Whether it multiplies these two, in any order. */
  boolean isProductOf(Element left, Element right) {
    return is("multiply")
        && (inputs.equals(List.of(left, right)) || inputs.equals(List.of(right, left)));
  }

  /** Equality is identity: two layers alike are two layers. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
