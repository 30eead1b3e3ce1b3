package dev.featuremap.init;

/**
 * Normal with standard deviation {@code sqrt(2 / fanIn)}, which keeps the variance of signals
 * through layers of rectified linear units (He, Zhang, Ren and Sun 2015, "Delving deep into
 * rectifiers", eq. 10).
 */
public record HeNormal() implements Initializer {

  @Override
  public String name() {
    return "he-normal";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorDraws.normal(values, from, to, seed, tensor, StrictMath.sqrt(2.0 / fanIn));
  }
}
