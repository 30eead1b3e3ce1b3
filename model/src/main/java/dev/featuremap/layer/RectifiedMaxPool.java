package dev.featuremap.layer;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.tensor.Shape;

/**
 * A {@link MaxPool} and a {@link Relu} next to it, in one pass. They commute, bit for bit and with
 * their gradients: {@code max(relu(x)) = relu(max(x))}, and the gradient passes where the maximum
 * is positive.
 *
 * @param pool the max-pooling layer
 */
public record RectifiedMaxPool(MaxPool pool) implements Pooling {

  @Override
  public int window() {
    return pool.window();
  }

  @Override
  public int stride() {
    return pool.stride();
  }

  @Override
  public String type() {
    return pool.type();
  }

  @Override
  public String summary() {
    return pool.summary();
  }

  @Override
  public Shape outputShape(Shape input) {
    return pool.outputShape(input);
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return pool.build(input, place, kernels, 0f);
  }
}
