package dev.featuremap.init;

import java.util.Arrays;

/** Starts every value at zero, as is usual for biases. */
public record Zeros() implements Initializer {

  @Override
  public String name() {
    return "zeros";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    Arrays.fill(values, from, to, 0f);
  }
}
