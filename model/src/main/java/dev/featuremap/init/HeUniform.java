package dev.featuremap.init;

/**
 * Uniform in {@code ±sqrt(6 / fanIn)}: the variance {@code 2 / fanIn} of He, Zhang, Ren and Sun
 * (2015, "Delving deep into rectifiers", eq. 10) without the tails of a normal distribution.
 */
public record HeUniform() implements Initializer {

  @Override
  public String name() {
    return "he-uniform";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorDraws.uniform(values, from, to, seed, tensor, StrictMath.sqrt(6.0 / fanIn));
  }
}
