package dev.featuremap.layer;

import dev.featuremap.tensor.Shape;
import java.util.List;

/** What the layers share that keep the shape and learn nothing. */
interface Elementwise extends LayerSpec {

  @Override
  default String summary() {
    return "";
  }

  @Override
  default Shape outputShape(Shape input) {
    return input;
  }

  @Override
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
