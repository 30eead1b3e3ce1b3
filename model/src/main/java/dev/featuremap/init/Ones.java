package dev.featuremap.init;

import java.util.Arrays;

/** Starts every value at one, as is usual for the factors of a normalization. */
public record Ones() implements Initializer {

  @Override
  public String name() {
    return "ones";
  }

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    Arrays.fill(values, from, to, 1f);
  }
}
