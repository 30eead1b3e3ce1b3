package dev.featuremap.init;

/**
 * Uniform in {@code ±sqrt(6 / (fanIn + fanOut))}, the normalized initialization of Glorot and
 * Bengio (2010, "Understanding the difficulty of training deep feedforward neural networks", eq.
 * 16).
 */
public record GlorotUniform() implements Initializer {

  @Override
  public String name() {
    return "glorot-uniform";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorDraws.uniform(
        values, from, to, seed, tensor, StrictMath.sqrt(6.0 / ((double) fanIn + fanOut)));
  }
}
