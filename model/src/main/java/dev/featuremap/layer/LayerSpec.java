package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Shape;
import java.util.List;

/** What a layer is: an immutable description that knows its shapes and builds the working layer. */
public interface LayerSpec {

  /** The options that differ between layers of this type, for people: {@code 5×5, 20 maps}. */
  default String summary() {
    return "";
  }

  /**
   * The shape this layer makes of {@code input}.
   *
   * @throws IllegalArgumentException if the layer cannot take that input; the message states the
   *     rule and the numbers, and the network adds the layer's name
   */
  Shape outputShape(Shape input);

  /**
   * How the layer is computed over {@code input} where that is not the plain way, for people:
   * {@code Winograd 4×4}; empty elsewhere.
   */
  default String algorithm(Shape input) {
    return "";
  }

  /**
   * Floats that the working layer keeps of each image until the end of a mini-batch, in one array
   * for all images.
   */
  default int keptPerImage(Shape input) {
    return 0;
  }

  /** The parameters in the order of their slice, with names as PyTorch has them. */
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  /**
   * What training moves but no gradient does, in the order of its slice, with names as PyTorch has
   * them; empty for most layers.
   */
  default List<ParameterSpec> buffers(Shape input) {
    return List.of();
  }

  /** True when the working layer is a {@link BarrierLayer}. */
  default boolean isBarrier() {
    return false;
  }

  /** True when the working layer draws random numbers in training, unless it is frozen. */
  default boolean isRandom() {
    return false;
  }

  /** Builds the working layer, with its buffers, for its place in a network. */
  Layer build(Shape input, LayerPlace place, Kernels kernels);
}
