package dev.featuremap.init;

/**
 * Normal with standard deviation {@code sqrt(1 / fanIn)}, so that the weighted sum of inputs of
 * variance 1 has variance 1 (LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", eq. 16).
 */
public record LeCunNormal() implements Initializer {

  @Override
  public String name() {
    return "lecun-normal";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorDraws.normal(values, from, to, seed, tensor, StrictMath.sqrt(1.0 / fanIn));
  }
}
