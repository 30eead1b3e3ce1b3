package dev.featuremap.init;

/**
 * Normal with variance {@code 2 / (fanIn + fanOut)}, a compromise between keeping the variance of
 * signals forward and of gradients backward (Glorot and Bengio 2010, "Understanding the difficulty
 * of training deep feedforward neural networks", eq. 12).
 */
public record GlorotNormal() implements Initializer {

  @Override
  public String name() {
    return "glorot-normal";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorDraws.normal(
        values, from, to, seed, tensor, StrictMath.sqrt(2.0 / ((double) fanIn + fanOut)));
  }
}
