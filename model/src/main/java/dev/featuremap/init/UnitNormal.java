package dev.featuremap.init;

/**
 * Normal with standard deviation 1 whatever the size of the layer: the biases of Nielsen (2015,
 * "Neural Networks and Deep Learning", chapter 3, "Weight initialization").
 */
public record UnitNormal() implements Initializer {

  @Override
  public String name() {
    return "unit-normal";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorDraws.normal(values, from, to, seed, tensor, 1.0);
  }
}
